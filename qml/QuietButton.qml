// Text alone; a well under the pointer.
import QtQuick
import QtQuick.Controls.impl
import QtQuick.Templates as T

T.Button {
    id: control

    property color ink: Theme.colors.text

    implicitWidth: Math.ceil(implicitContentWidth) + leftPadding + rightPadding
    implicitHeight: Theme.control
    leftPadding: 12
    rightPadding: 12
    spacing: 8
    focusPolicy: Qt.StrongFocus
    font.family: Theme.family
    font.pixelSize: Theme.body
    font.weight: Font.Medium
    icon.width: Theme.px(18)
    icon.height: Theme.px(18)
    icon.color: ink
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
        color: control.ink
    }
    background: Rectangle {
        radius: 8
        color: control.hovered || control.pressed ? Theme.colors.well : "transparent"
        FocusRing { visible: control.visualFocus }
    }
}
