pragma Singleton
// The look: type, measures and motion; its colours are those of Palettes.
import QtQuick

QtObject {
    id: theme

    // Set by the window.
    property real windowWidth: 960
    property bool reducedMotion: false

    readonly property bool highContrast: Palettes.highContrast
    readonly property bool dark: Palettes.dark
    readonly property Colors colors: Palettes.colors

    // Type: 15 px body text on a desktop whose font is not larger; everything grows with the desktop's font.
    readonly property FontMetrics metrics: FontMetrics { }
    readonly property real scale: Math.max(1, (metrics.font.pixelSize > 0 ? metrics.font.pixelSize : metrics.font.pointSize * 96 / 72) / 15)
    readonly property real lineRatio: metrics.font.pixelSize > 0 ? metrics.height / metrics.font.pixelSize : 1.2
    readonly property string family: metrics.font.family
    readonly property string mono: "monospace"
    readonly property int small: Math.round(13 * scale)
    readonly property int body: Math.round(15 * scale)
    readonly property int large: Math.round(18 * scale)
    readonly property int title: Math.round(24 * scale)
    readonly property int display: Math.round((narrow ? 26 : 32) * scale)

    /// A button's words, with the key underlined only while Alt is held.
    function labelOf(text: string): string {
        // The joiner makes it another text: Qt 6.4 does not draw the same one again without its underline.
        return keysShown ? text + "\u2060" : text.replace("&", "")
    }

    function px(value: real): int {
        return Math.round(value * scale)
    }

    // Breakpoints, in the reader's own pixels.
    readonly property bool narrow: windowWidth < 640 * scale
    readonly property bool roseBeside: windowWidth >= 820 * scale
    readonly property bool twoColumns: windowWidth >= 720 * scale
    /// A line of one and a half pixels, where the screen can show it.
    property real fine: 1
    /// Alt is held: the buttons show their keys.
    property bool keysShown: false
    readonly property int edge: narrow ? 16 : 24
    readonly property int control: narrow ? px(48) : px(40)

    readonly property int hover: reducedMotion ? 0 : 80
    readonly property int expand: reducedMotion ? 80 : 160
    readonly property int slide: reducedMotion ? 80 : 180
    readonly property int shift: reducedMotion ? 0 : 16
    readonly property int settle: reducedMotion ? 80 : 140
    readonly property int turn: reducedMotion ? 80 : 190
}
