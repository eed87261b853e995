// One half of "Set up by hand": server, port, encryption, user name; the verdict stands below the server.
import QtQuick
import Portolan

Card {
    id: card

    required property HandHalf half
    property string title
    property url icon
    property bool nameFixed: false
    default property alias content: top.data

    implicitHeight: column.implicitHeight + 32
    Accessible.role: Accessible.Grouping
    Accessible.name: title

    function take() {
        host.take()
    }

    function say(): string {
        const known = card.half.host.replace(/-/g, "\u2060-\u2060")
        switch (card.half.finding) {
        case HandHalf.Works: return qsTr("Answers in %1 ms, certificate is good").arg(card.half.took)
        case HandHalf.BadHost: return qsTr("This is no server name.")
        case HandHalf.BadPort: return qsTr("A port is a number from 1 to 65535.")
        case HandHalf.NoSuchName: return card.half.suggestion.length > 0 ? qsTr("No such name. Try") : qsTr("No such name.")
        case HandHalf.DnsFailed: return qsTr("The DNS gave no usable answer for it.")
        case HandHalf.Refused: return qsTr("It refuses port %1.").arg(card.half.port)
        case HandHalf.Silent: return qsTr("It does not answer on port %1.").arg(card.half.port)
        case HandHalf.Unreachable: return qsTr("It cannot be reached from this network.")
        case HandHalf.OtherProtocol: return qsTr("Another kind of server answers on port %1.").arg(card.half.port)
        case HandHalf.NotEncrypted: return qsTr("It does not encrypt this way on port %1.").arg(card.half.port)
        case HandHalf.Certificate: return qsTr("Answers; its certificate needs a look.")
        case HandHalf.Broken: return qsTr("It broke off. Check port and encryption.")
        default: return card.half.state === HandHalf.Testing ? qsTr("Testing …") : qsTr("The name your provider gave you")
        }
    }

    Column {
        id: column
        x: Theme.narrow ? 16 : 20
        y: 12
        width: parent.width - 2 * x
        Item {
            width: parent.width
            height: Theme.px(28)
            Icon {
                id: glyph
                anchors.left: parent.left
                anchors.verticalCenter: parent.verticalCenter
                source: card.icon
                mirrors: card.half.kind === ServiceList.Smtp
            }
            Prose {
                anchors.left: glyph.right
                anchors.leftMargin: 10
                anchors.verticalCenter: parent.verticalCenter
                strong: true
                text: card.title
            }
        }
        Item {
            width: 1
            height: 8
        }
        Item {
            id: top
            width: parent.width
            height: Theme.control
        }
        Item {
            width: 1
            height: 12
        }
        Item {
            width: parent.width
            height: Math.max(host.implicitHeight, port.implicitHeight)
            LabeledField {
                id: host
                anchors.left: parent.left
                width: parent.width - port.width - 12
                label: qsTr("Server")
                placeholder: card.half.kind === ServiceList.Smtp ? qsTr("smtp.example.org") : qsTr("imap.example.org")
                text: card.half.host
                inputMethodHints: Qt.ImhUrlCharactersOnly | Qt.ImhNoAutoUppercase
                maximumLength: 300
                status: card.half.finding === HandHalf.BadPort ? LabeledField.Plain : card.status
                reserve: false
                onEdited: card.half.host = text
                onFinished: card.half.finish()
            }
            LabeledField {
                id: port
                anchors.right: parent.right
                width: Theme.px(Theme.narrow ? 76 : 92)
                label: qsTr("Port")
                text: card.half.port
                inputMethodHints: Qt.ImhDigitsOnly
                maximumLength: 5
                showsIcon: false
                status: card.half.finding === HandHalf.BadPort ? LabeledField.Wrong : LabeledField.Plain
                reserve: false
                onEdited: card.half.port = text
                onFinished: card.half.finish()
            }
        }
        Item {
            width: parent.width
            height: verdict.implicitHeight + 16
            Note {
                id: verdict
                y: 6
                width: parent.width
                icon: card.status === LabeledField.Good ? "icons/check.svg" : card.status === LabeledField.Look || card.status === LabeledField.Wrong ? "icons/warning.svg" : ""
                ink: card.status === LabeledField.Good ? Theme.colors.successText : card.status === LabeledField.Look ? Theme.colors.warningText : card.status === LabeledField.Wrong ? Theme.colors.dangerText : Theme.colors.muted
                text: card.say()
                action: card.half.suggestion
                onActed: {
                    card.half.takeSuggestion()
                    host.take()
                }
                Accessible.role: Accessible.StaticText
                Accessible.name: card.title + ": " + text
            }
        }
        Choice {
            width: parent.width
            label: qsTr("Encryption")
            model: [qsTr("From the start (TLS)"), qsTr("After STARTTLS")]
            currentIndex: card.half.protection === ServiceList.Starttls ? 1 : 0
            onChosen: index => card.half.protection = index === 1 ? ServiceList.Starttls : ServiceList.FromTheStart
        }
        Item {
            width: 1
            height: 12
        }
        LabeledField {
            width: parent.width
            label: qsTr("User name")
            text: card.half.userName
            enabled: !card.nameFixed
            inputMethodHints: Qt.ImhNoPredictiveText | Qt.ImhNoAutoUppercase
            maximumLength: 320
            reserve: false
            onEdited: card.half.userName = text
        }
    }

    readonly property int status: switch (half.state) {
                                  case HandHalf.Testing: return LabeledField.Testing
                                  case HandHalf.Good: return LabeledField.Good
                                  case HandHalf.Look: return LabeledField.Look
                                  case HandHalf.Wrong: return LabeledField.Wrong
                                  default: return LabeledField.Plain
                                  }
}
