pragma ComponentBehavior: Bound
// A drop-down with its label.
import QtQuick
import QtQuick.Controls.Basic

Column {
    id: choice

    property alias label: caption.text
    property alias model: box.model
    property alias currentIndex: box.currentIndex
    signal chosen(index: int)

    Prose {
        id: caption
        width: parent.width
        size: Theme.small
        strong: true
        bottomPadding: 4 - lift
    }
    ComboBox {
        id: box
        width: choice.width
        height: Theme.control
        leftPadding: 14
        rightPadding: 36
        font.family: Theme.family
        font.pixelSize: Theme.body
        focusPolicy: Qt.StrongFocus
        Accessible.name: choice.label
        onActivated: index => choice.chosen(index)
        contentItem: Prose {
            text: box.displayText
            verticalAlignment: Text.AlignVCenter
            wrapMode: Text.NoWrap
            elide: Text.ElideRight
        }
        indicator: Icon {
            x: box.mirrored ? 12 : box.width - width - 12
            anchors.verticalCenter: parent.verticalCenter
            size: 16
            rotation: 90
            source: "icons/chevron.svg"
            color: Theme.colors.muted
        }
        background: Rectangle {
            radius: 8
            color: Theme.colors.raised
            border.width: 1
            border.color: Theme.colors.lineStrong
            FocusRing { visible: box.visualFocus }
        }
        delegate: ItemDelegate {
            id: entry
            required property string modelData
            required property int index
            width: ListView.view.width
            height: Theme.control
            highlighted: box.highlightedIndex === index
            Accessible.name: modelData
            contentItem: Prose {
                text: entry.modelData
                verticalAlignment: Text.AlignVCenter
            }
            background: Rectangle {
                radius: 6
                color: entry.highlighted ? Theme.colors.selection : "transparent"
            }
        }
        popup: Popup {
            y: box.height + 4
            width: box.width
            implicitHeight: contentItem.implicitHeight + 8
            padding: 4
            contentItem: ListView {
                clip: true
                implicitHeight: contentHeight
                model: box.popup.visible ? box.delegateModel : null
                currentIndex: box.highlightedIndex
            }
            background: Rectangle {
                radius: 8
                color: Theme.colors.raised
                border.width: 1
                border.color: Theme.colors.lineStrong
            }
        }
    }
}
