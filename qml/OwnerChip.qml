// Whose turn it is.
import QtQuick
import Portolan

Rectangle {
    id: chip

    property int owner: NothingStep.You
    property bool turn: false

    implicitWidth: row.implicitWidth + 16
    implicitHeight: Theme.px(24)
    radius: 4
    color: "transparent"
    border.width: 1
    border.color: Theme.colors.lineStrong
    Accessible.role: Accessible.StaticText
    Accessible.name: word.text

    Row {
        id: row
        x: 8
        anchors.verticalCenter: parent.verticalCenter
        spacing: 6
        Icon {
            anchors.verticalCenter: parent.verticalCenter
            size: 14
            source: switch (chip.owner) {
                    case NothingStep.You: return "icons/person.svg"
                    case NothingStep.ThisNetwork: return "icons/desktop.svg"
                    case NothingStep.InternetProvider: return "icons/globe.svg"
                    case NothingStep.MailProvider: return "icons/mail-in.svg"
                    case NothingStep.DomainOwner: return "icons/certificate.svg"
                    default: return "icons/wrench.svg"
                    }
        }
        Prose {
            id: word
            anchors.verticalCenter: parent.verticalCenter
            size: Theme.small
            font.weight: Font.Medium
            wrapMode: Text.NoWrap
            text: switch (chip.owner) {
                  case NothingStep.You: return chip.turn ? qsTr("Your turn") : qsTr("You")
                  case NothingStep.ThisNetwork: return chip.turn ? qsTr("This network’s turn") : qsTr("This network")
                  case NothingStep.InternetProvider: return chip.turn ? qsTr("The internet provider’s turn") : qsTr("Internet provider")
                  case NothingStep.MailProvider: return chip.turn ? qsTr("The mail provider’s turn") : qsTr("Mail provider")
                  case NothingStep.DomainOwner: return chip.turn ? qsTr("The domain owner’s turn") : qsTr("Domain owner")
                  default: return chip.turn ? qsTr("Portolan’s turn") : qsTr("Portolan")
                  }
        }
    }
}
