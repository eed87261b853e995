pragma ComponentBehavior: Bound
// One probe as a ray of the rose: its state is told by length, end and colour.
import QtQuick
import Portolan

Item {
    id: ray

    required property real angle
    required property int state
    property real radius: 142
    property bool lit: false
    property real spread: 15                // degrees to the next ray
    property real limit: 10000              // of one endpoint, in milliseconds

    readonly property real inner: radius * 0.38
    readonly property bool asking: state === ProbeList.Asking
    readonly property bool works: state === ProbeList.Works || state === ProbeList.Chosen
    readonly property bool nothing: state === ProbeList.Nothing
    readonly property color ink: works ? Theme.colors.success : state === ProbeList.Look ? Theme.colors.warning : state === ProbeList.Dangerous ? Theme.colors.danger : nothing ? Theme.colors.idle : Theme.colors.text
    property real age
    readonly property real grown: Theme.reducedMotion ? radius * 0.69 : inner + (radius - inner) * Math.log10(1 + 9 * age / limit)
    property real ended: 0                  // where a ray that came to nothing stays
    property real reach: asking ? grown : nothing ? Math.max(ended, inner + (radius - inner) * 0.28) : radius

    rotation: angle
    width: 0
    height: 0
    onNothingChanged: if (nothing) ended = grown
    Component.onCompleted: if (nothing) ended = inner + (radius - inner) * 0.3

    NumberAnimation on age {
        running: ray.asking && !Theme.reducedMotion
        from: 0
        to: ray.limit
        duration: ray.limit
    }
    Behavior on reach {
        enabled: !ray.asking
        NumberAnimation { duration: Theme.settle; easing.type: Easing.OutCubic }
    }

    Rectangle {                             // the line
        readonly property real thickness: ray.lit ? 3.5 : ray.nothing ? 1.5 : ray.asking ? 2 : 2.25
        x: -thickness / 2
        y: -ray.reach
        width: thickness
        height: Math.max(0, ray.reach - ray.inner)
        radius: thickness / 2
        antialiasing: true
        color: ray.ink
    }
    Rectangle {                             // works: a dot
        visible: ray.works
        x: -5                               // even sizes: the software renderer rounds a radius down
        y: -ray.reach - 5
        width: 10
        height: 10
        radius: 5
        antialiasing: true
        color: ray.ink
    }
    Rectangle {                             // chosen: its halo
        visible: ray.state === ProbeList.Chosen
        x: -9
        y: -ray.reach - 9
        width: 18
        height: 18
        radius: 9
        antialiasing: true
        color: "transparent"
        border.width: 1.5
        border.color: ray.ink
    }
    Rectangle {                             // asking: an open head
        visible: ray.asking
        x: -5
        y: -ray.reach - 5
        width: 10
        height: 10
        radius: 5
        antialiasing: true
        color: Theme.colors.background
        border.width: 2
        border.color: ray.ink
    }
    Rectangle {                             // needs a look: an open diamond
        visible: ray.state === ProbeList.Look
        x: -5.5
        y: -ray.reach - 5.5
        width: 11
        height: 11
        rotation: 45
        antialiasing: true
        color: Theme.colors.background
        border.width: 2.25
        border.color: ray.ink
    }
    Rectangle {                             // nothing: a cross-bar
        visible: ray.nothing
        x: -width / 2
        y: -ray.reach - 0.75
        width: Math.min(9, ray.reach * ray.spread * Math.PI / 180 * 0.6)
        height: 1.5
        antialiasing: true
        color: ray.ink
    }
    Repeater {                              // dangerous: a cross
        model: ray.state === ProbeList.Dangerous ? [45, -45] : []
        Rectangle {
            required property int modelData
            x: -6
            y: -ray.reach - 1.1
            width: 12
            height: 2.2
            rotation: modelData
            antialiasing: true
            color: ray.ink
        }
    }
}
