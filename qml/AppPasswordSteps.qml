pragma ComponentBehavior: Bound
// An app password in numbered steps; the page to open is a button, and what was made is pasted into the last step.
import QtQuick
import Portolan

Column {
    id: steps

    required property SignInStep step
    readonly property string password: secret.text
    property bool opened: false             // the page has been opened from here
    //: how the app password is called in the provider's list
    readonly property string name: qsTr("Portolan on this computer")
    signal copied(text: string)

    function take() {
        secret.take()
        secret.input.selectAll()
    }

    Card {
        width: parent.width
        height: rows.height + 20
        Column {
            id: rows
            y: 4
            x: Theme.narrow ? 16 : 20
            width: parent.width - 2 * x
            NumberedStep {
                number: 1
                first: true
                done: steps.opened
                text: qsTr("Open the provider’s security page and sign in as usual")
                SecondaryButton {
                    visible: steps.step.help.length > 0
                    icon.source: "icons/browser.svg"
                    text: steps.opened ? qsTr("&Open again") : qsTr("&Open page")
                    onClicked: {
                        steps.opened = true
                        steps.step.openHelp()
                    }
                }
            }
            NumberedStep {
                number: 2
                text: qsTr("Make a new app password for mail")
            }
            NumberedStep {
                number: 3
                text: qsTr("Name it “%1”").arg(steps.name)
                QuietButton {
                    leftPadding: 10
                    rightPadding: 10
                    ink: Theme.colors.muted
                    icon.source: "icons/copy.svg"
                    Accessible.name: qsTr("Copy the name")
                    onClicked: steps.copied(steps.name)
                }
            }
            NumberedStep {
                number: 4
                text: qsTr("Copy the new password and paste it here")
            }
            LabeledField {
                id: secret
                x: LayoutMirroring.enabled ? 0 : Theme.px(42)
                width: parent.width - Theme.px(42)
                code: true
                hidden: !show.checked
                readOnly: steps.step.working
                spoken: qsTr("App password")
                status: steps.step.trouble === SignInStep.NotUsable || steps.step.trouble === SignInStep.Refused ? LabeledField.Wrong : steps.step.looksMade(text) ? LabeledField.Good : LabeledField.Plain
                showsIcon: status === LabeledField.Good
                note: steps.step.trouble === SignInStep.NotUsable ? (text.length === 0 ? qsTr("Paste the app password.") : qsTr("There is a character in it that no password can have."))
                    : steps.step.looksMade(text) ? qsTr("Looks like an app password. Spaces do not matter.") : qsTr("Usually 16 letters. Spaces do not matter.")
                EyeButton { id: show }
            }
        }
    }
    Item {
        width: 1
        height: 14
    }
    Note {
        width: parent.width
        icon: "icons/key.svg"
        text: steps.step.prepare.length > 0 ? steps.step.prepare : qsTr("Your usual password stays yours: Portolan has forgotten it.")
    }
    Link {
        visible: steps.step.mayChooseWay
        text: qsTr("I have the usual password")
        onClicked: steps.step.useAppPassword(false)
    }
}
