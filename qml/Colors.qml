// The colours of one look, by role (what each is for stands beside the first palette in Palettes.qml).
import QtQml
import QtQuick

QtObject {
    required property color background
    required property color surface
    required property color raised
    required property color well
    required property color text
    required property color muted
    required property color line
    required property color lineStrong
    required property color accent
    required property color accentHover
    required property color accentPressed
    required property color accentInk
    required property color needle
    required property color success
    required property color successText
    required property color successWash
    required property color warning
    required property color warningText
    required property color warningWash
    required property color danger
    required property color dangerText
    required property color dangerWash
    required property color info
    required property color infoText
    required property color infoWash
    required property color selection
    required property color focus
    required property color rhumb
    required property color idle
    required property real rhumbOpacity
    required property color switchOn
}
