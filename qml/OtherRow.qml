// An alternative as a radio row: choosing it puts it in place of the recommended one.
import QtQuick
import QtQuick.Templates as T
import Portolan

T.RadioButton {
    id: row

    required property int index
    required property int kind
    required property string sub
    required property string domain
    required property int port
    required property int protection
    signal chosen(row: int)

    implicitHeight: Math.max(Theme.px(64), words.implicitHeight + 20)
    focusPolicy: Qt.StrongFocus
    checked: false
    Accessible.name: title.text + ", " + detail.text
    onClicked: {
        checked = false
        chosen(index)
    }
    Keys.onReturnPressed: chosen(index)

    indicator: Rectangle {
        x: row.mirrored ? row.width - width - 20 : 20
        anchors.verticalCenter: parent.verticalCenter
        width: Theme.px(20)
        height: width
        radius: width / 2
        antialiasing: true
        color: Theme.colors.raised
        border.width: Theme.fine
        border.color: Theme.colors.lineStrong
    }
    contentItem: Item { }
    background: Rectangle {
        color: row.hovered ? Theme.colors.selection : "transparent"
        FocusRing {
            anchors.margins: 3
            controlRadius: 6
            visible: row.visualFocus
        }
        Hairline { width: parent.width }
    }
    Column {
        id: words
        anchors.left: parent.left
        anchors.leftMargin: 56
        anchors.right: parent.right
        anchors.rightMargin: 20
        anchors.verticalCenter: parent.verticalCenter
        Prose {
            id: title
            width: parent.width
            line: Theme.px(22)
            font.weight: Font.Medium
            text: row.kind === ServiceList.Smtp ? qsTr("Outgoing mail on port %1").arg(row.port) : row.kind === ServiceList.Pop3 ? qsTr("Incoming mail by POP3, port %1").arg(row.port) : qsTr("Incoming mail by IMAP, port %1").arg(row.port)
        }
        Prose {
            id: detail
            width: parent.width
            size: Theme.small
            color: Theme.colors.muted
            text: (row.protection === ServiceList.FromTheStart ? qsTr("%1, encrypted from the start") : qsTr("%1, encrypted after STARTTLS")).arg(row.sub + row.domain)
        }
    }
}
