// A pair of the certificate's facts; the point at fault carries a badge.
import QtQuick

Item {
    id: row

    property string name
    property bool first: false
    property string badge
    property bool good: false
    default property alias content: value.data

    width: parent ? parent.width : 0
    implicitHeight: Math.max(label.implicitHeight, value.childrenRect.height, mark.visible ? mark.height : 0) + 16 + (below ? mark.height + 4 : 0)
    readonly property bool below: mark.visible && Theme.narrow

    Hairline {
        visible: !row.first
        width: parent.width
    }
    Prose {
        id: label
        anchors.left: parent.left
        y: 8
        width: Theme.px(104)
        size: Theme.small
        color: Theme.colors.muted
        text: row.name
    }
    Item {
        id: value
        anchors.left: label.right
        anchors.leftMargin: 8
        anchors.right: mark.visible && !row.below ? mark.left : parent.right
        anchors.rightMargin: mark.visible && !row.below ? 8 : 0
        y: 8
        height: childrenRect.height
    }
    Badge {
        id: mark
        visible: row.badge.length > 0
        low: true
        anchors.right: row.below ? undefined : parent.right
        x: value.x
        y: row.below ? 8 + Math.max(label.height, value.height) + 4 : 8
        kind: row.good ? Badge.Success : Badge.Warning
        text: row.badge
    }
}
