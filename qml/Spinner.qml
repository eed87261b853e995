pragma ComponentBehavior: Bound
// A turning arc: only where no count is known.
import QtQuick

Item {
    id: spinner

    property color color: Theme.colors.text

    implicitWidth: Theme.px(16)
    implicitHeight: Theme.px(16)

    Repeater {
        model: 8
        Rectangle {
            required property int index
            x: spinner.width / 2 - width / 2 + Math.cos(index * Math.PI / 4) * (spinner.width / 2 - 1)
            y: spinner.height / 2 - height / 2 + Math.sin(index * Math.PI / 4) * (spinner.height / 2 - 1)
            width: 3
            height: 3
            radius: 1.5
            antialiasing: true
            color: spinner.color
            opacity: 0.2 + 0.1 * index
        }
    }
    RotationAnimation on rotation {
        running: spinner.visible && !Theme.reducedMotion
        loops: Animation.Infinite
        from: 0
        to: 360
        duration: 900
    }
}
