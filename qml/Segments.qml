pragma ComponentBehavior: Bound
// Two or three choices, joined.
import QtQuick
import QtQuick.Templates as T

Rectangle {
    id: segments

    property list<string> choices
    property int current: 0
    property string name
    signal chosen(index: int)

    implicitHeight: Theme.control
    radius: 8
    color: Theme.colors.raised
    border.width: 1
    border.color: Theme.colors.lineStrong
    Accessible.role: Accessible.Grouping
    Accessible.name: name

    Row {
        anchors.fill: parent
        Repeater {
            model: segments.choices
            T.RadioButton {
                id: one
                required property int index
                required property string modelData
                width: segments.width / segments.choices.length
                height: segments.height
                checked: segments.current === index
                focusPolicy: Qt.StrongFocus
                Accessible.name: segments.name + ": " + modelData
                onClicked: segments.chosen(index)
                Keys.onReturnPressed: segments.chosen(index)
                contentItem: Prose {
                    text: one.modelData
                    size: Theme.small
                    horizontalAlignment: Text.AlignHCenter
                    verticalAlignment: Text.AlignVCenter
                    font.weight: one.checked ? Font.DemiBold : Font.Medium
                    color: one.checked ? Theme.colors.background : Theme.colors.text
                }
                background: Rectangle {
                    radius: 8
                    color: one.checked ? Theme.colors.text : one.hovered ? Theme.colors.well : "transparent"
                    anchors.margins: one.checked ? 0 : 1
                    FocusRing { visible: one.visualFocus }
                    // The side that joins its neighbour is square.
                    Rectangle {
                        visible: one.checked
                        width: 8
                        height: parent.height
                        x: (one.index === 0) !== one.mirrored ? parent.width - width : 0
                        color: Theme.colors.text
                        z: -1
                    }
                }
            }
        }
    }
}
