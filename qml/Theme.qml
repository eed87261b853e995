pragma Singleton
// The look: palettes, type, measures and motion. Follows the desktop's palette unless a look was asked for.
import QtQuick

QtObject {
    id: theme

    enum Look { Desktop, Light, Dark }

    // Set by the window.
    property int look: Theme.Desktop
    property bool highContrast: desktopContrast
    property real windowWidth: 960
    property bool reducedMotion: false

    readonly property SystemPalette desktop: SystemPalette { }
    readonly property bool dark: look === Theme.Dark || (look === Theme.Desktop && desktop.window.hslLightness < 0.5)
    readonly property bool desktopContrast: desktop.window.hslLightness === 0 && desktop.windowText.hslLightness === 1
    readonly property Colors colors: highContrast ? (dark ? contrastDark : contrastLight) : (dark ? night : parchment)

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

    readonly property Colors parchment: Colors {
        background: "#F6F1E7"; surface: "#FCFAF5"; raised: "#FFFFFF"; well: "#EEE7D8"; text: "#1B2A41"
        muted: "#586275"; line: "#DED6C5"; lineStrong: "#857F6E"; accent: "#C8452F"; accentHover: "#B83C27"
        accentPressed: "#A53521"; accentInk: "#FFFFFF"; needle: "#C8452F"; success: "#2E7D6B"; successText: "#216353"
        successWash: "#E3EEE6"; warning: "#9A7524"; warningText: "#725310"; warningWash: "#F6EBCF"; danger: "#9B2C1C"
        dangerText: "#8E2617"; dangerWash: "#F8E4DD"; info: "#2F6390"; infoText: "#28567E"; infoWash: "#E3EBF1"
        selection: "#E6EBF1"; focus: "#1D62A8"; rhumb: "#1B2A41"; idle: "#8A8474"
        rhumbOpacity: 0.055; switchOn: "#2E7D6B"
    }
    readonly property Colors night: Colors {
        background: "#0F1927"; surface: "#162334"; raised: "#1E2D41"; well: "#2C3F58"; text: "#EFE9DC"
        muted: "#A5AFBD"; line: "#2B3B50"; lineStrong: "#74849A"; accent: "#CB4A34"; accentHover: "#BB422D"
        accentPressed: "#A63825"; accentInk: "#FFFFFF"; needle: "#EC7159"; success: "#4FB79E"; successText: "#74CDB6"
        successWash: "#14322F"; warning: "#D0AA55"; warningText: "#E2C377"; warningWash: "#33301F"; danger: "#F08A75"
        dangerText: "#F6A493"; dangerWash: "#3B2425"; info: "#6FA8DC"; infoText: "#93C0E8"; infoWash: "#1A3148"
        selection: "#22354D"; focus: "#7DB8F0"; rhumb: "#EFE9DC"; idle: "#66778D"
        rhumbOpacity: 0.05; switchOn: "#4FB79E"
    }
    readonly property Colors contrastDark: Colors {
        background: "#000000"; surface: "#000000"; raised: "#000000"; well: "#000000"; text: "#FFFFFF"
        muted: "#FFFFFF"; line: "#FFFFFF"; lineStrong: "#FFFFFF"; accent: "#FFFFFF"; accentHover: "#FFE16B"
        accentPressed: "#FFE16B"; accentInk: "#000000"; needle: "#FF8A70"; success: "#5BF0C3"; successText: "#5BF0C3"
        successWash: "#000000"; warning: "#FFE16B"; warningText: "#FFE16B"; warningWash: "#000000"; danger: "#FF9C87"
        dangerText: "#FF9C87"; dangerWash: "#000000"; info: "#8FD0FF"; infoText: "#8FD0FF"; infoWash: "#000000"
        selection: "#10263C"; focus: "#FFE16B"; rhumb: "#FFFFFF"; idle: "#BFBFBF"
        rhumbOpacity: 0; switchOn: "#FFFFFF"
    }
    readonly property Colors contrastLight: Colors {
        background: "#FFFFFF"; surface: "#FFFFFF"; raised: "#FFFFFF"; well: "#FFFFFF"; text: "#000000"
        muted: "#000000"; line: "#000000"; lineStrong: "#000000"; accent: "#000000"; accentHover: "#3A0A00"
        accentPressed: "#3A0A00"; accentInk: "#FFFFFF"; needle: "#A82A12"; success: "#00523F"; successText: "#00523F"
        successWash: "#FFFFFF"; warning: "#5A3D00"; warningText: "#5A3D00"; warningWash: "#FFFFFF"; danger: "#7A1200"
        dangerText: "#7A1200"; dangerWash: "#FFFFFF"; info: "#003C70"; infoText: "#003C70"; infoWash: "#FFFFFF"
        selection: "#DCEBFA"; focus: "#0046A8"; rhumb: "#000000"; idle: "#4D4D4D"
        rhumbOpacity: 0; switchOn: "#000000"
    }
}
