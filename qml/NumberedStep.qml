// One of several things to do in order; filled when it is done.
import QtQuick

Item {
    id: row

    required property int number
    property string text
    property bool first: false
    property bool done: false
    default property alias content: end.data

    width: parent ? parent.width : 0
    implicitHeight: Math.max(Theme.px(52), words.implicitHeight + 20, end.height + 12)
    Accessible.role: Accessible.ListItem
    Accessible.name: done ? qsTr("%1. %2, done").arg(number).arg(text) : qsTr("%1. %2").arg(number).arg(text)

    Hairline {
        visible: !row.first
        width: parent.width
    }
    Rectangle {
        id: mark
        anchors.left: parent.left
        anchors.verticalCenter: parent.verticalCenter
        width: Theme.px(28)
        height: width
        radius: width / 2
        antialiasing: true
        color: row.done ? Theme.colors.text : "transparent"
        border.width: Theme.fine
        border.color: Theme.colors.text
        Icon {
            anchors.centerIn: parent
            visible: row.done
            size: 16
            source: "icons/check.svg"
            color: Theme.colors.background
        }
        Prose {
            anchors.centerIn: parent
            visible: !row.done
            size: Theme.small
            strong: true
            text: row.number
        }
    }
    Prose {
        id: words
        anchors.left: mark.right
        anchors.leftMargin: 14
        anchors.right: end.left
        anchors.rightMargin: end.width > 0 ? 12 : 0
        anchors.verticalCenter: parent.verticalCenter
        text: row.text
    }
    Row {
        id: end
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
    }
}
