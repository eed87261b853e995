pragma ComponentBehavior: Bound
// The window. Its first picture is the parchment alone, which needs no font and no page; the chart and what stands on it come with the second.
import QtQuick
import QtQuick.Controls.Basic
import Portolan

ApplicationWindow {
    id: window

    required property Journey journey
    required property int look
    required property bool highContrast

    width: 960
    height: 640
    minimumWidth: 360
    minimumHeight: 480
    visible: true
    title: journey.address.length > 0 ? qsTr("%1 · Portolan").arg(journey.address) : qsTr("Portolan")
    color: Palettes.colors.background

    Binding { target: Palettes; property: "look"; value: window.look }
    Binding { target: Palettes; property: "contrastAsked"; value: window.highContrast }

    // Once the frame is out of the render loop's hands.
    Timer {
        id: furnishing
        interval: 0
        onTriggered: sheet.setSource("Sheet.qml", { "journey": window.journey })
    }

    Loader {
        id: sheet
        anchors.fill: parent
        focus: true
        onLoaded: window.journey.warmUp()
    }
    Connections {
        target: window
        enabled: sheet.status === Loader.Null
        function onFrameSwapped() {
            furnishing.start()
        }
    }
}
