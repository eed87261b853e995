pragma ComponentBehavior: Bound
// The course of five waypoints: it shows the way and is no control. One item to a screen reader.
import QtQuick

Item {
    id: course

    required property int waypoint
    readonly property list<string> names: [qsTr("Address"), qsTr("Servers"), qsTr("Sign in"), qsTr("Devices"), qsTr("Done")]
    readonly property string words: qsTr("Step %1 of %2, %3").arg(waypoint + 1).arg(names.length).arg(names[waypoint])
    //: at the top of a narrow page
    readonly property string line: qsTr("Step %1 of %2 · %3").arg(waypoint + 1).arg(names.length).arg(names[waypoint])
    readonly property real stretch: width / (names.length - 1)

    function place(at: int): real {
        return LayoutMirroring.enabled ? width - at * stretch : at * stretch
    }

    implicitWidth: 280
    implicitHeight: 56
    Accessible.role: Accessible.StaticText
    Accessible.name: words

    Rectangle {
        y: 20
        width: parent.width
        height: 1
        color: Theme.colors.line
    }
    Rectangle {
        y: 20
        x: course.LayoutMirroring.enabled ? course.place(course.waypoint) : 0
        width: course.waypoint * course.stretch
        height: 1
        color: Theme.colors.text
    }
    Repeater {
        model: course.names.length
        Item {
            id: point
            required property int index
            readonly property bool here: index === course.waypoint
            readonly property bool passed: index < course.waypoint
            x: course.place(index)
            y: 20.5
            Rectangle {                     // keeps the line off the diamond
                visible: point.here
                x: -9.5
                y: -4
                width: 19
                height: 8
                color: Theme.colors.background
            }
            Rectangle {
                visible: !point.here
                readonly property real size: point.passed ? 6 : 8
                x: -size / 2
                y: -size / 2
                width: size
                height: size
                radius: size / 2
                antialiasing: true
                color: point.passed ? Theme.colors.text : Theme.colors.background
                border.width: point.passed ? 0 : Theme.fine
                border.color: Theme.colors.lineStrong
            }
            Rectangle {
                visible: point.here
                x: -5
                y: -5
                width: 10
                height: 10
                radius: 1
                rotation: 45
                antialiasing: true
                color: Theme.colors.text
            }
        }
    }
    Prose {
        x: Math.round(course.place(course.waypoint) - implicitWidth / 2)
        y: 31
        size: Theme.small
        line: Theme.px(18)
        strong: true
        wrapMode: Text.NoWrap
        text: course.names[course.waypoint]
    }
}
