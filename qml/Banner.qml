// A wash of its kind, an icon, a sentence, at most one action.
import QtQuick

Rectangle {
    id: banner

    property int kind: Badge.Info
    property url icon: kind === Badge.Success ? "icons/check.svg" : kind === Badge.Warning ? "icons/warning.svg" : kind === Badge.Danger ? "icons/warning.svg" : "icons/globe.svg"
    property string title
    property string text
    property string quote
    property string action
    readonly property color ink: kind === Badge.Success ? Theme.colors.successText : kind === Badge.Warning ? Theme.colors.warningText : kind === Badge.Danger ? Theme.colors.dangerText : Theme.colors.infoText
    signal acted

    implicitHeight: words.implicitHeight + 28
    radius: 10
    color: kind === Badge.Success ? Theme.colors.successWash : kind === Badge.Warning ? Theme.colors.warningWash : kind === Badge.Danger ? Theme.colors.dangerWash : Theme.colors.infoWash
    border.width: Theme.highContrast ? 1 : 0
    border.color: ink
    Accessible.role: Accessible.AlertMessage
    Accessible.name: title.length === 0 ? text : quote.length === 0 ? qsTr("%1. %2").arg(title).arg(text) : qsTr("%1. %2. %3").arg(title).arg(text).arg(quote)

    Icon {
        id: glyph
        anchors.left: parent.left
        anchors.leftMargin: 16
        y: 14 + (Theme.px(24) - height) / 2
        source: banner.icon
        color: banner.ink
    }
    Column {
        id: words
        anchors.left: glyph.right
        anchors.leftMargin: 12
        anchors.right: parent.right
        anchors.rightMargin: 16
        y: 14
        Prose {
            visible: text.length > 0
            width: parent.width
            strong: true
            text: banner.title
        }
        Prose {
            visible: text.length > 0
            width: parent.width
            size: Theme.small
            topPadding: lift + (banner.title.length > 0 ? 2 : Theme.px(2))
            text: banner.text
        }
        Prose {
            visible: banner.quote.length > 0
            width: parent.width
            size: Theme.small
            topPadding: lift + 2
            color: Theme.colors.muted
            //: the words of a server, quoted
            text: qsTr("The server says: “%1”").arg(banner.quote)
        }
        Link {
            visible: banner.action.length > 0
            text: banner.action
            ink: banner.ink
            onClicked: banner.acted()
        }
    }
}
