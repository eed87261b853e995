// A ticked reason.
import QtQuick

Item {
    id: fact

    property string text
    property url icon: "icons/check.svg"
    property color ink: Theme.colors.successText

    width: parent ? parent.width : 0
    implicitHeight: words.implicitHeight + 2
    Icon {
        anchors.left: parent.left
        y: 2
        size: 16
        source: fact.icon
        color: fact.ink
    }
    Prose {
        id: words
        anchors.left: parent.left
        anchors.leftMargin: 32
        anchors.right: parent.right
        size: Theme.small
        text: fact.text
    }
}
