// The keyboard's place: 2 px, 2 px off the control.
import QtQuick

Rectangle {
    property real controlRadius: 8

    anchors.fill: parent
    anchors.margins: -4
    radius: controlRadius + 4
    color: "transparent"
    border.width: 2
    border.color: Theme.colors.focus
}
