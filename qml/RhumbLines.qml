pragma ComponentBehavior: Bound
// 32 lines from the rose's middle over the whole window, as a portolan chart has them.
import QtQuick

Item {
    id: lines

    property real centerX: width / 2
    property real centerY: 132
    property real inner: 46
    property real circle: 0

    opacity: Palettes.colors.rhumbOpacity
    visible: opacity > 0
    Accessible.ignored: true

    Repeater {
        model: 32
        Item {
            required property int index
            x: lines.centerX
            y: lines.centerY
            rotation: index * 11.25
            Rectangle {
                x: -0.5
                y: -lines.inner - height
                width: 1
                height: lines.width + lines.height
                antialiasing: true
                color: Palettes.colors.rhumb
            }
        }
    }
    Rectangle {
        visible: lines.circle > 0
        x: lines.centerX - lines.circle
        y: lines.centerY - lines.circle
        width: lines.circle * 2
        height: width
        radius: lines.circle
        antialiasing: true
        color: "transparent"
        border.width: 1
        border.color: Palettes.colors.rhumb
    }
}
