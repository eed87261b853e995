pragma ComponentBehavior: Bound
// The first page: one address.
import QtQuick
import Portolan

WizardPage {
    id: page

    required property Journey journey
    readonly property AddressStep step: journey.addressStep
    property bool naming: false

    plain: true
    title: qsTr("Add your mail account")
    primary: qsTr("&Find my servers")
    primaryEnabled: step.complete
    primaryReason: qsTr("Type an email address first")
    backText: qsTr("&Cancel")
    backIcon: false
    onGo: step.submit()
    onGoQuiet: journey.byHand()

    function enter() {
        step.submit()
    }

    function begin() {
        address.take()
        address.input.selectAll()
    }

    function say(problem: int): string {
        switch (problem) {
        case AddressStep.Empty: return qsTr("Type your email address.")
        case AddressStep.NoAt: return qsTr("An address has an @ in it, like name@example.org.")
        case AddressStep.TwoAts: return qsTr("There is one @ too many.")
        case AddressStep.NoLocalPart: return qsTr("The name before the @ is missing.")
        case AddressStep.NoDomain: return qsTr("The domain after the @ is missing.")
        case AddressStep.Space: return qsTr("An address has no spaces in it.")
        case AddressStep.ControlCharacter: return qsTr("There is an invisible character in it. Type the address instead of pasting it.")
        case AddressStep.NotUtf8: return qsTr("There is a character in it that cannot be read.")
        case AddressStep.TooLong: return qsTr("This is longer than an address can be.")
        case AddressStep.BadLocalPart: return qsTr("The name before the @ has a character that cannot stand there.")
        case AddressStep.BadDomain: return qsTr("What stands after the @ is no domain.")
        case AddressStep.DomainIncomplete: return qsTr("The domain is not complete: its ending is missing, or the part before it.")
        default: return ""
        }
    }

    Flickable {
        id: flick
        parent: page
        anchors.fill: parent
        contentHeight: sheet.height
        boundsBehavior: Flickable.StopAtBounds
        interactive: contentHeight > height
        clip: interactive

        Item {
            id: sheet
            width: flick.width
            height: Math.max(flick.height, fields.y + fields.height + 24)

            Image {
                id: mark
                anchors.horizontalCenter: parent.horizontalCenter
                y: 32
                width: 88
                height: 88
                sourceSize.width: 88
                sourceSize.height: 88
                source: Theme.dark ? "pictures/rose-dark.svg" : "pictures/rose.svg"
            }
            Prose {
                id: heading
                y: 144
                x: Theme.edge
                width: parent.width - 2 * Theme.edge
                size: Theme.display
                strong: true
                horizontalAlignment: Text.AlignHCenter
                text: page.title
                Accessible.role: Accessible.Heading
                Accessible.name: text
            }
            Prose {
                id: lead
                anchors.top: heading.bottom
                anchors.topMargin: 4
                x: Theme.edge
                width: parent.width - 2 * Theme.edge
                horizontalAlignment: Text.AlignHCenter
                color: Theme.colors.muted
                text: qsTr("Type your address. Portolan finds the servers and proves that they work.")
            }
            Column {
                id: fields
                anchors.top: lead.bottom
                anchors.topMargin: Theme.narrow ? 24 : 40
                anchors.horizontalCenter: parent.horizontalCenter
                width: Math.min(parent.width - 2 * Theme.edge, Theme.px(480))

                Banner {
                    visible: page.journey.unusable.length > 0
                    width: parent.width
                    kind: Badge.Danger
                    //: %1 is a resolver's address or the name of a file of certificates
                    text: qsTr("Portolan was started with “%1”, which cannot be used. Start it again without it.").arg(page.journey.unusable)
                }
                LabeledField {
                    id: address
                    width: parent.width
                    large: true
                    label: qsTr("Email address")
                    placeholder: qsTr("name@example.org")
                    text: page.step.address
                    inputMethodHints: Qt.ImhEmailCharactersOnly | Qt.ImhNoAutoUppercase
                    maximumLength: 400
                    end: page.step.provider
                    status: page.step.problem !== AddressStep.None ? LabeledField.Wrong : page.step.suggestion.length > 0 ? LabeledField.Look : page.step.complete ? LabeledField.Good : LabeledField.Plain
                    note: page.step.problem !== AddressStep.None ? page.say(page.step.problem)
                        : page.step.suggestion.length > 0 ? qsTr("Did you mean")
                        : page.step.complete ? (page.step.reserved ? qsTr("Only %1 itself is asked: the name is reserved and is told to nobody else.").arg(page.unbroken(page.step.domain))
                                                                   : qsTr("The DNS is asked about %1. Only %1 itself sees your address, encrypted.").arg(page.unbroken(page.step.domain)))
                        : qsTr("The DNS is asked about the domain. Only the domain itself sees your address, encrypted.")
                    noteIcon: status === LabeledField.Wrong || status === LabeledField.Look ? "icons/warning.svg" : "icons/globe.svg"
                    ink: status === LabeledField.Wrong ? Theme.colors.dangerText : status === LabeledField.Look ? Theme.colors.warningText : Theme.colors.muted
                    tick: Theme.colors.successText
                    action: page.step.problem === AddressStep.None ? page.step.suggestion : ""
                    onEdited: page.step.address = text
                    onFinished: page.step.leave()
                    onActed: {
                        page.step.takeSuggestion()
                        address.take()
                    }
                }
                Item {
                    width: 1
                    height: 20
                }
                Hairline { width: parent.width }
                Item {
                    width: parent.width
                    height: page.naming ? nameField.height + 14 : Math.max(Theme.px(48), shown.implicitHeight + 14)
                    Icon {
                        id: person
                        visible: !page.naming
                        anchors.left: parent.left
                        anchors.verticalCenter: shown.verticalCenter
                        source: "icons/person.svg"
                        color: Theme.colors.muted
                    }
                    Prose {
                        id: shown
                        visible: !page.naming
                        y: 14
                        anchors.left: person.right
                        anchors.leftMargin: 12
                        anchors.right: change.left
                        anchors.rightMargin: 12
                        size: Theme.small
                        color: Theme.colors.muted
                        textFormat: Text.StyledText
                        text: page.step.name.length > 0 ? qsTr("Shown to others as %1").arg("<font color=\"" + Theme.colors.text + "\"><b>" + page.escaped(page.step.name) + "</b></font>") : qsTr("No name is shown to others")
                    }
                    Link {
                        id: change
                        visible: !page.naming
                        anchors.right: parent.right
                        anchors.verticalCenter: shown.verticalCenter
                        text: page.step.name.length > 0 ? qsTr("Change") : qsTr("Add a name")
                        onClicked: {
                            page.naming = true
                            nameField.take()
                        }
                    }
                    LabeledField {
                        id: nameField
                        visible: page.naming
                        y: 14
                        width: parent.width
                        label: qsTr("Your name, as others see it")
                        text: page.step.name
                        maximumLength: 120
                        reserve: false
                        keepsEnter: true
                        onEdited: page.step.name = text
                        onAccepted: {
                            page.naming = false
                            address.take()
                        }
                    }
                }
            }
        }
    }

    function escaped(text: string): string {
        return text.replace(/&/g, "&amp;").replace(/</g, "&lt;")
    }
    /// A line does not break at the hyphen of a name (for display only).
    function unbroken(host: string): string {
        return host.replace(/-/g, "\u2060-\u2060")
    }
}
