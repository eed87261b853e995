// An outlined button.
import QtQuick
import QtQuick.Controls.impl
import QtQuick.Templates as T

T.Button {
    id: control

    property bool mirrorsIcon: false
    property string reason

    implicitWidth: Math.ceil(implicitContentWidth) + leftPadding + rightPadding
    implicitHeight: Theme.control
    leftPadding: 18
    rightPadding: 18
    spacing: 8
    focusPolicy: Qt.StrongFocus
    font.family: Theme.family
    font.pixelSize: Theme.body
    font.weight: Font.Medium
    icon.width: Theme.px(18)
    icon.height: Theme.px(18)
    icon.color: enabled ? Theme.colors.text : Theme.colors.muted
    Accessible.name: text.replace("&", "")
    Keys.onReturnPressed: if (control.enabled) control.clicked()
    Keys.onEnterPressed: if (control.enabled) control.clicked()

    contentItem: IconLabel {
        spacing: control.spacing
        mirrored: control.mirrored
        display: control.display
        icon: control.icon
        text: Theme.labelOf(control.text)
        font: control.font
        color: control.enabled ? Theme.colors.text : Theme.colors.muted
    }
    background: Rectangle {
        radius: 8
        color: control.hovered || control.pressed ? Theme.colors.well : Theme.colors.raised
        border.color: control.enabled ? Theme.colors.lineStrong : Theme.colors.line
        border.width: 1
        Behavior on color { ColorAnimation { duration: Theme.hover } }
        FocusRing { visible: control.visualFocus }
    }
}
