// How good something is: a shape, a word, and a colour that only repeats them.
import QtQuick

Rectangle {
    id: badge

    enum Kind { Success, Warning, Danger, Info, Neutral }

    property int kind: Badge.Success
    property url icon: kind === Badge.Success ? "icons/check.svg" : kind === Badge.Warning ? "icons/warning.svg" : kind === Badge.Danger ? "icons/lock-open.svg" : kind === Badge.Info ? "icons/key.svg" : "icons/clock.svg"
    property alias text: word.text
    property bool low: false
    readonly property color ink: kind === Badge.Success ? Theme.colors.successText : kind === Badge.Warning ? Theme.colors.warningText : kind === Badge.Danger ? Theme.colors.dangerText : kind === Badge.Info ? Theme.colors.infoText : Theme.colors.muted

    implicitWidth: row.implicitWidth + (low ? 14 : 18)
    implicitHeight: Theme.px(low ? 20 : 24)
    radius: height / 2
    color: kind === Badge.Success ? Theme.colors.successWash : kind === Badge.Warning ? Theme.colors.warningWash : kind === Badge.Danger ? Theme.colors.dangerWash : kind === Badge.Info ? Theme.colors.infoWash : Theme.colors.well
    border.width: Theme.highContrast ? 1 : 0
    border.color: ink
    Accessible.role: Accessible.StaticText
    Accessible.name: text

    Row {
        id: row
        anchors.verticalCenter: parent.verticalCenter
        anchors.left: parent.left
        anchors.leftMargin: badge.low ? 6 : 8
        spacing: 6
        Icon {
            anchors.verticalCenter: parent.verticalCenter
            size: 14
            source: badge.icon
            color: badge.ink
        }
        Prose {
            id: word
            anchors.verticalCenter: parent.verticalCenter
            size: Theme.small
            strong: true
            wrapMode: Text.NoWrap
            color: badge.ink
        }
    }
}
