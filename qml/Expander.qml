// A heading that opens what stands below it.
import QtQuick
import QtQuick.Templates as T

Item {
    id: expander

    property string title
    property string hint
    property bool open: false
    default property alias content: body.data

    implicitHeight: bar.height + (open ? body.implicitHeight : 0)
    clip: true
    Behavior on implicitHeight { NumberAnimation { duration: Theme.expand; easing.type: Easing.OutCubic } }

    T.Button {
        id: bar
        width: parent.width
        height: Theme.narrow ? Theme.px(48) : Math.max(44, Theme.px(44))
        focusPolicy: Qt.StrongFocus
        Accessible.name: expander.title
        Accessible.description: expander.open ? qsTr("open") : qsTr("closed")
        onClicked: expander.open = !expander.open
        Keys.onReturnPressed: bar.clicked()
        Keys.onEnterPressed: bar.clicked()
        contentItem: Item { }
        background: Item {
            FocusRing {
                anchors.margins: 3
                controlRadius: 6
                visible: bar.visualFocus
            }
        }
        Prose {
            id: word
            anchors.left: parent.left
            anchors.leftMargin: Theme.narrow ? 16 : 20
            anchors.verticalCenter: parent.verticalCenter
            strong: true
            wrapMode: Text.NoWrap
            text: expander.title
        }
        Prose {
            visible: !Theme.narrow
            anchors.left: word.right
            anchors.leftMargin: 10
            anchors.right: arrow.left
            anchors.rightMargin: 8
            anchors.verticalCenter: parent.verticalCenter
            size: Theme.small
            color: Theme.colors.muted
            elide: Text.ElideRight
            wrapMode: Text.NoWrap
            text: expander.hint
        }
        Icon {
            id: arrow
            anchors.right: parent.right
            anchors.rightMargin: 20
            anchors.verticalCenter: parent.verticalCenter
            size: 18
            source: "icons/chevron.svg"
            color: Theme.colors.muted
            rotation: expander.open ? -90 : 90
        }
    }
    Column {
        id: body
        y: bar.height
        width: parent.width
        visible: expander.open
    }
}
