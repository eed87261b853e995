// A way out inside running text: underlined, reached by Tab, followed by Enter or Space.
import QtQuick
import QtQuick.Templates as T

T.Button {
    id: control

    property color ink: Theme.colors.infoText

    implicitWidth: label.implicitWidth
    implicitHeight: label.implicitHeight
    focusPolicy: Qt.StrongFocus
    Accessible.role: Accessible.Link
    Accessible.name: text
    Keys.onReturnPressed: control.clicked()
    Keys.onEnterPressed: control.clicked()

    contentItem: Prose { // qmllint disable deferred-property-id
        id: label
        size: Theme.small
        text: control.text
        color: control.ink
        font.weight: Font.Medium
        font.underline: true
    }
    background: Item {
        FocusRing {
            controlRadius: 0
            visible: control.visualFocus
        }
    }
    HoverHandler { cursorShape: Qt.PointingHandCursor }
}
