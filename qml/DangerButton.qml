// For what cannot be taken back or puts trust at risk: told apart by shape and icon, never filled.
import QtQuick
import QtQuick.Controls.impl
import QtQuick.Templates as T

T.Button {
    id: control

    implicitWidth: Math.ceil(implicitContentWidth) + leftPadding + rightPadding
    implicitHeight: Theme.control
    leftPadding: 18
    rightPadding: 18
    spacing: 8
    focusPolicy: Qt.StrongFocus
    font.family: Theme.family
    font.pixelSize: Theme.body
    font.weight: Font.DemiBold
    icon.source: "icons/warning.svg"
    icon.width: Theme.px(18)
    icon.height: Theme.px(18)
    icon.color: enabled ? Theme.colors.dangerText : Theme.colors.muted
    Accessible.name: text.replace("&", "")
    Keys.onReturnPressed: if (control.enabled) control.clicked()
    Keys.onEnterPressed: if (control.enabled) control.clicked()

    contentItem: IconLabel {
        spacing: control.spacing
        mirrored: control.mirrored
        icon: control.icon
        text: Theme.labelOf(control.text)
        font: control.font
        color: control.icon.color
    }
    background: Rectangle {
        radius: 4
        color: control.enabled && (control.hovered || control.pressed) ? Theme.colors.dangerWash : "transparent"
        border.width: control.enabled ? 1.5 : 1
        border.color: control.enabled ? Theme.colors.danger : Theme.colors.line
        FocusRing {
            controlRadius: 4
            visible: control.visualFocus
        }
    }
}
