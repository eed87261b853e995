// One place where mail is read. The whole card is the control.
import QtQuick
import QtQuick.Templates as T
import Portolan

T.CheckBox {
    id: card

    required property int index
    required property int place
    required property bool chosen

    readonly property string word: switch (place) {
                                   case WhereToStep.Thunderbird: return qsTr("Thunderbird")
                                   case WhereToStep.Outlook: return qsTr("Outlook")
                                   case WhereToStep.Apple: return qsTr("iPhone, iPad, Mac")
                                   default: return qsTr("A file to keep")
                                   }
    readonly property string detail: switch (place) {
                                     case WhereToStep.Thunderbird: return qsTr("A ready profile")
                                     case WhereToStep.Outlook: return qsTr("Files that set it up")
                                     case WhereToStep.Apple: return qsTr("A profile to open there")
                                     default: return qsTr("Settings, no password")
                                     }

    implicitHeight: Math.max(Theme.px(164), words.y + words.implicitHeight + 20)
    focusPolicy: Qt.StrongFocus
    checked: chosen
    Accessible.name: word
    Accessible.description: detail

    indicator: Rectangle {
        x: card.mirrored ? 12 : card.width - width - 12
        y: 12
        width: Theme.px(20)
        height: width
        radius: 5
        color: card.checked ? Theme.colors.text : Theme.colors.raised
        border.width: Theme.fine
        border.color: card.checked ? Theme.colors.text : Theme.colors.lineStrong
        Icon {
            anchors.centerIn: parent
            visible: card.checked
            size: 14
            source: "icons/check.svg"
            color: Theme.colors.background
        }
    }
    contentItem: Item { }
    background: Rectangle {
        radius: 12
        color: card.checked ? Theme.colors.raised : card.hovered ? Theme.colors.selection : Theme.colors.surface
        border.width: card.checked ? (Theme.highContrast ? 3 : 2) : 1
        border.color: card.checked ? Theme.colors.text : Theme.colors.line
        FocusRing {
            controlRadius: 12
            visible: card.visualFocus
        }
    }
    Icon {                                  // in lines
        id: picture
        anchors.horizontalCenter: parent.horizontalCenter
        y: Theme.px(24)
        width: Theme.px(96)
        height: Theme.px(64)
        source: switch (card.place) {
                case WhereToStep.Thunderbird: return "pictures/device-laptop.svg"
                case WhereToStep.Outlook: return "pictures/device-outlook.svg"
                case WhereToStep.Apple: return "pictures/device-phone-apple.svg"
                default: return "pictures/device-paper.svg"
                }
        color: card.checked ? Theme.colors.text : Theme.colors.muted
    }
    Column {
        id: words
        anchors.top: picture.bottom
        anchors.topMargin: 12
        x: 10
        width: parent.width - 20
        Prose {
            width: parent.width
            horizontalAlignment: Text.AlignHCenter
            line: Theme.px(22)
            strong: true
            text: card.word
        }
        Prose {
            width: parent.width
            horizontalAlignment: Text.AlignHCenter
            size: Theme.small
            color: Theme.colors.muted
            text: card.detail
        }
    }
}
