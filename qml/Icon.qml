// One glyph of icons/, tinted.
import QtQuick
import QtQuick.Controls.impl

IconImage {
    property int size: 20
    property bool mirrors: false

    width: Theme.px(size)
    height: Theme.px(size)
    sourceSize.width: width
    sourceSize.height: height
    color: Theme.colors.text
    mirror: mirrors && LayoutMirroring.enabled
    fillMode: Image.PreserveAspectFit
}
