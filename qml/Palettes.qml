pragma Singleton
// The colours, without anything of type: the window's first picture is drawn with them before a font is opened. Follows the desktop's palette unless a look
// was asked for.
import QtQuick

QtObject {
    enum Look { Desktop, Light, Dark }

    // Set by the window.
    property int look: Palettes.Desktop
    property bool contrastAsked: false

    readonly property SystemPalette desktop: SystemPalette { }
    readonly property bool dark: look === Palettes.Dark || (look === Palettes.Desktop && desktop.window.hslLightness < 0.5)
    readonly property bool highContrast: contrastAsked || (desktop.window.hslLightness === 0 && desktop.windowText.hslLightness === 1)
    readonly property Colors colors: highContrast ? (dark ? contrastDark : contrastLight) : (dark ? night : parchment)

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
