// Text in one of the sizes of the look, on its line grid.
import QtQuick

Text {
    id: prose

    property int size: Theme.body
    property int line: size <= Theme.small ? Theme.px(20) : size <= Theme.body ? Theme.px(24) : size < Theme.title ? Theme.px(24) : size < Theme.px(30) ? Theme.px(32) : Theme.px(40)
    property bool strong: false
    readonly property real lift: (line - size * Theme.lineRatio) / 2

    color: Theme.colors.text
    textFormat: Text.PlainText
    wrapMode: Text.Wrap
    lineHeightMode: Text.FixedHeight
    lineHeight: line
    topPadding: lift
    bottomPadding: -lift
    horizontalAlignment: Text.AlignLeft
    font.family: Theme.family
    font.pixelSize: size
    font.weight: strong ? Font.DemiBold : Font.Normal
    font.letterSpacing: size >= Theme.display ? -0.64 : size >= Theme.title ? -0.29 : 0
}
