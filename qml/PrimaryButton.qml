// The one filled button of a page.
import QtQuick
import QtQuick.Controls.impl
import QtQuick.Templates as T

T.Button {
    id: control

    property bool working: false
    property string workingText

    implicitWidth: Math.max(Theme.px(120), Math.ceil(label.implicitWidth) + leftPadding + rightPadding)
    implicitHeight: Theme.control
    leftPadding: 22
    rightPadding: 22
    focusPolicy: Qt.StrongFocus
    font.family: Theme.family
    font.pixelSize: Theme.body
    font.weight: Font.DemiBold
    Accessible.name: text.replace("&", "")
    Keys.onReturnPressed: if (control.enabled && !control.working) control.clicked()
    Keys.onEnterPressed: if (control.enabled && !control.working) control.clicked()

    contentItem: Item { // qmllint disable deferred-property-id
        implicitWidth: label.implicitWidth
        Row {
            anchors.centerIn: parent
            spacing: 10
            Spinner {
                visible: control.working && !Theme.reducedMotion
                anchors.verticalCenter: parent.verticalCenter
                color: Theme.colors.accentInk
            }
            IconLabel {
                id: label
                anchors.verticalCenter: parent.verticalCenter
                text: control.working ? control.workingText : Theme.labelOf(control.text)
                font: control.font
                color: control.enabled ? Theme.colors.accentInk : Theme.colors.muted
            }
        }
    }
    background: Rectangle {
        radius: 8
        color: !control.enabled ? Theme.colors.well : control.pressed ? Theme.colors.accentPressed : control.hovered && !control.working ? Theme.colors.accentHover : Theme.colors.accent
        border.width: Theme.highContrast && !control.enabled ? 1 : 0
        border.color: Theme.colors.lineStrong
        Behavior on color { ColorAnimation { duration: Theme.hover } }
        FocusRing { visible: control.visualFocus }
    }
}
