// A check box with its label as one target.
import QtQuick
import QtQuick.Templates as T

T.CheckBox {
    id: control

    property string detail
    property int size: Theme.body
    property int box: 20

    implicitWidth: leftPadding + words.implicitWidth + rightPadding
    implicitHeight: Math.max(Theme.control, words.implicitHeight)
    spacing: 14
    leftPadding: mirrored ? 0 : Theme.px(box) + spacing
    rightPadding: mirrored ? Theme.px(box) + spacing : 0
    focusPolicy: Qt.StrongFocus
    Accessible.name: text.replace("&", "")
    Accessible.description: detail

    indicator: Rectangle {
        x: control.mirrored ? control.width - width : 0
        y: (control.height - height) / 2
        width: Theme.px(control.box)
        height: width
        radius: 5
        color: control.checked ? Theme.colors.text : Theme.colors.raised
        border.width: Theme.fine
        border.color: control.checked ? Theme.colors.text : Theme.colors.lineStrong
        Icon {
            anchors.centerIn: parent
            visible: control.checked
            size: 14
            source: "icons/check.svg"
            color: Theme.colors.background
        }
        FocusRing {
            controlRadius: 5
            visible: control.visualFocus
        }
    }
    contentItem: Item { // qmllint disable deferred-property-id
        implicitWidth: words.implicitWidth
        Column {
            id: words
            width: parent.width
            anchors.verticalCenter: parent.verticalCenter
            Prose {
                width: parent.width
                size: control.size
                line: control.size === Theme.body ? Theme.px(22) : Theme.px(20)
                color: control.size === Theme.body ? Theme.colors.text : Theme.colors.muted
                text: control.text.replace("&", "")
            }
            Prose {
                width: parent.width
                visible: control.detail.length > 0
                size: Theme.small
                line: Theme.px(18)
                color: Theme.colors.muted
                text: control.detail
            }
        }
    }
}
