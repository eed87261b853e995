// One way on: the whole row is a button.
import QtQuick
import QtQuick.Templates as T

T.Button {
    id: row

    property string title
    property string detail
    property bool first: false

    width: parent ? parent.width : 0
    implicitHeight: Math.max(Theme.px(64), words.implicitHeight + 22)
    focusPolicy: Qt.StrongFocus
    Accessible.name: title
    Accessible.description: detail
    Keys.onReturnPressed: row.clicked()
    Keys.onEnterPressed: row.clicked()

    contentItem: Item { }
    background: Rectangle {
        color: row.hovered || row.pressed ? Theme.colors.selection : "transparent"
        radius: 11
        FocusRing {
            anchors.margins: 3
            controlRadius: 6
            visible: row.visualFocus
        }
        Hairline {
            visible: !row.first
            width: parent.width
        }
    }
    Icon {
        id: glyph
        anchors.left: parent.left
        anchors.leftMargin: Theme.narrow ? 16 : 18
        anchors.verticalCenter: parent.verticalCenter
        source: row.icon.source
        color: Theme.colors.muted
    }
    Column {
        id: words
        anchors.left: glyph.right
        anchors.leftMargin: 14
        anchors.right: arrow.left
        anchors.rightMargin: 12
        anchors.verticalCenter: parent.verticalCenter
        Prose {
            width: parent.width
            line: Theme.px(22)
            strong: true
            text: row.title
        }
        Prose {
            width: parent.width
            visible: row.detail.length > 0
            size: Theme.small
            color: Theme.colors.muted
            text: row.detail
        }
    }
    Icon {
        id: arrow
        anchors.right: parent.right
        anchors.rightMargin: 16
        anchors.verticalCenter: parent.verticalCenter
        size: 18
        mirrors: true
        source: "icons/chevron.svg"
        color: Theme.colors.muted
    }
}
