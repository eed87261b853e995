pragma ComponentBehavior: Bound
// A ray's end, small, for the lines of the list and for the key.
import QtQuick
import Portolan

Item {
    id: glyph

    property int state: ProbeList.Asking

    implicitWidth: 14
    implicitHeight: 14
    scale: Theme.scale
    transformOrigin: Item.Left

    Rectangle {
        anchors.centerIn: parent
        visible: glyph.state === ProbeList.Works || glyph.state === ProbeList.Chosen
        width: 10
        height: 10
        radius: 5
        antialiasing: true
        color: Theme.colors.success
    }
    Rectangle {
        anchors.centerIn: parent
        visible: glyph.state === ProbeList.Chosen
        width: 14
        height: 14
        radius: 7
        antialiasing: true
        color: "transparent"
        border.width: 1.25
        border.color: Theme.colors.success
    }
    Rectangle {
        anchors.centerIn: parent
        visible: glyph.state === ProbeList.Asking
        width: 10
        height: 10
        radius: 5
        antialiasing: true
        color: "transparent"
        border.width: 2
        border.color: Theme.colors.text
    }
    Rectangle {
        anchors.centerIn: parent
        visible: glyph.state === ProbeList.Look
        width: 10
        height: 10
        rotation: 45
        antialiasing: true
        color: "transparent"
        border.width: 2
        border.color: Theme.colors.warning
    }
    Rectangle {
        anchors.centerIn: parent
        visible: glyph.state === ProbeList.Nothing
        width: 9
        height: 2
        color: Theme.colors.idle
    }
    Repeater {
        model: glyph.state === ProbeList.Dangerous ? [45, -45] : []
        Rectangle {
            required property int modelData
            anchors.centerIn: parent
            width: 11
            height: 2
            rotation: modelData
            antialiasing: true
            color: Theme.colors.danger
        }
    }
}
