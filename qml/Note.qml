// A small line with an icon, under a field or beside a fact.
import QtQuick

Item {
    id: note

    property string icon
    property color ink: Theme.colors.muted
    property string text
    property string action
    signal acted

    implicitHeight: Math.max(Theme.px(20), words.implicitHeight)
    implicitWidth: 200

    Icon {
        id: glyph
        visible: note.icon.length > 0
        size: 16
        anchors.left: parent.left
        y: (Theme.px(20) - height) / 2
        source: note.icon
        color: note.ink
    }
    Flow {
        id: words
        anchors.left: parent.left
        anchors.leftMargin: glyph.visible ? glyph.width + 6 : 0
        anchors.right: parent.right
        spacing: 4
        Prose {
            size: Theme.small
            width: Math.min(implicitWidth, words.width)
            text: note.text
            color: note.ink
        }
        Link {
            visible: note.action.length > 0
            text: note.action
            ink: note.ink
            onClicked: note.acted()
        }
    }
}
