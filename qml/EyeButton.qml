// Shows what was typed into a password field.
import QtQuick
import QtQuick.Templates as T

T.Button {
    id: eye

    implicitWidth: Theme.px(32)
    implicitHeight: Theme.px(32)
    anchors.verticalCenter: parent ? parent.verticalCenter : undefined
    checkable: true
    focusPolicy: Qt.StrongFocus
    Accessible.role: Accessible.CheckBox
    Accessible.name: qsTr("Show the password")
    Accessible.checked: checked

    contentItem: Item {
        Icon {
            anchors.centerIn: parent
            source: "icons/eye.svg"
            color: eye.checked ? Theme.colors.text : Theme.colors.muted
        }
        Rectangle {                         // closed: a stroke through it
            visible: !eye.checked
            anchors.centerIn: parent
            width: Theme.px(20)
            height: 1.75
            rotation: 45
            antialiasing: true
            color: Theme.colors.muted
        }
    }
    background: Rectangle {
        radius: 6
        color: eye.hovered ? Theme.colors.well : "transparent"
        FocusRing {
            anchors.margins: -2
            controlRadius: 4
            visible: eye.visualFocus
        }
    }
}
