pragma ComponentBehavior: Bound
// The living rose: every probe is a ray. Decoration to a screen reader, which has the list.
import QtQuick
import Portolan

Item {
    id: rose

    required property SearchStep step
    property real radius: 142
    property bool quarters: true
    property int litQuarter: -1
    property int litRow: -1
    readonly property real star: radius * 74.4 / 142
    readonly property var lists: [step.names, step.settings, step.incoming, step.outgoing]

    implicitWidth: radius * 2 + 68
    implicitHeight: radius * 2 + 68
    LayoutMirroring.enabled: false
    LayoutMirroring.childrenInherit: true
    Accessible.ignored: true

    Repeater {                              // the two rings
        model: [1, 0.68]
        Rectangle {
            required property real modelData
            anchors.centerIn: parent
            width: rose.radius * 2 * modelData
            height: width
            radius: width / 2
            antialiasing: true
            color: "transparent"
            border.width: 1
            border.color: Theme.colors.line
        }
    }
    Repeater {                              // the graduation
        model: 72
        Item {
            required property int index
            readonly property int mark: index % 18 === 0 ? 0 : index % 3 === 0 ? 9 : 5
            x: rose.width / 2
            y: rose.height / 2
            rotation: index * 5
            Rectangle {
                x: -0.5
                y: -rose.radius - 8 - parent.mark
                width: 1
                height: parent.mark
                antialiasing: true
                color: Theme.colors.idle
                opacity: 0.75
            }
        }
    }
    Repeater {                              // places no question has taken yet
        model: 24
        Item {
            id: stub
            required property int index
            readonly property int quarter: ((index + 21) % 24 - 21 + 24) % 24 / 6
            readonly property int slot: index % 6
            readonly property ProbeList list: rose.lists[Math.floor(index / 6)]
            visible: slot >= list.total
            x: rose.width / 2
            y: rose.height / 2
            rotation: Math.floor(index / 6) * 90 - 37.5 + slot * 15
            Rectangle {
                x: -0.75
                y: -rose.radius * 0.38 - 7
                width: 1.5
                height: 7
                antialiasing: true
                color: Theme.colors.idle
            }
        }
    }
    Repeater {                              // the rays
        model: rose.lists
        Item {
            id: quarter
            required property ProbeList modelData
            required property int index
            x: rose.width / 2
            y: rose.height / 2
            Repeater {
                model: quarter.modelData
                Ray {
                    required property int index
                    radius: rose.radius
                    spread: quarter.modelData.step
                    lit: rose.litQuarter === quarter.index && rose.litRow === index
                }
            }
        }
    }
    Image {
        anchors.centerIn: parent
        width: rose.star
        height: rose.star
        sourceSize.width: width
        sourceSize.height: height
        source: Theme.dark ? "pictures/star-dark.svg" : "pictures/star.svg"
    }
    Item {                                  // the needle
        x: rose.width / 2
        y: rose.height / 2
        readonly property real turned: rotation
        rotation: rose.step.needle
        Behavior on rotation {
            RotationAnimation {
                duration: Theme.turn
                direction: RotationAnimation.Shortest
                easing.type: Theme.reducedMotion ? Easing.OutQuad : Easing.OutBack
                easing.overshoot: 0.9
            }
        }
        Image {
            readonly property real unit: rose.radius / 142
            x: -width / 2
            y: -rose.radius * 0.3484
            width: 16 * unit
            height: 60 * unit
            sourceSize.width: width
            sourceSize.height: height
            source: Theme.dark ? "pictures/needle-dark.svg" : "pictures/needle.svg"
        }
    }
    Repeater {                              // what each quarter asks
        model: rose.quarters ? ["icons/globe.svg", "icons/file.svg", "icons/mail-in.svg", "icons/mail-out.svg"] : []
        Icon {
            required property int index
            required property string modelData
            readonly property real far: rose.radius + 19
            x: rose.width / 2 + Math.round(far * Math.sin(index * Math.PI / 2)) - width / 2
            y: rose.height / 2 - Math.round(far * Math.cos(index * Math.PI / 2)) - height / 2
            size: 18
            source: modelData
            color: Theme.colors.muted
        }
    }
}
