pragma ComponentBehavior: Bound
// The sign-in: which servers get the password, then the password. One made for mail programs has its own steps; the browser's way is explained.
import QtQuick
import Portolan

WizardPage {
    id: page

    required property Journey journey
    readonly property SignInStep step: journey.signInStep
    readonly property bool browser: step.way === SignInStep.Browser
    readonly property bool special: step.way === SignInStep.AppPassword
    readonly property bool troubled: step.trouble !== SignInStep.None && step.trouble !== SignInStep.NotUsable
        && !(browser && step.trouble === SignInStep.BrowserNeeded)
    readonly property string where: step.place.replace(/-/g, "\u2060-\u2060")

    wide: false
    title: browser ? qsTr("%1 wants a sign-in in the browser").arg(where) : special ? qsTr("%1 wants an app password").arg(where) : qsTr("Sign in to %1").arg(where)
    lead: browser ? qsTr("It takes no password from mail programs. Portolan cannot sign in that way yet, but there is a way on.")
        : special ? qsTr("Mail programs get a password of their own. It can be withdrawn at any time.")
        : qsTr("Your password goes to %n servers, encrypted, and to no one else.", "", step.hosts.length)
    primary: !browser ? qsTr("S&ign in") : step.help.length > 0 ? qsTr("&Open the help page") : qsTr("&Change the address")
    primaryWorking: step.working
    primaryWorkingText: qsTr("Signing in")
    onGo: browser ? (step.help.length > 0 ? step.openHelp() : journey.changeAddress()) : step.signIn(special ? steps.password : plainly.password)
    onGoQuiet: journey.byHand()

    function begin() {
        if (browser)
            forceActiveFocus(Qt.OtherFocusReason)
        else if (special)
            steps.take()
        else
            plainly.take()
    }

    Connections {
        target: page.step
        function onRefused() { page.begin() }
    }

    Flow {                                  // who gets it
        visible: !page.browser && !page.special
        width: parent.width
        spacing: 8
        Repeater {
            model: page.step.hosts
            Badge {
                required property string modelData
                icon: "icons/lock.svg"
                text: modelData.replace(/-/g, "\u2060-\u2060")
                Accessible.name: qsTr("%1, encrypted").arg(modelData)
            }
        }
    }
    Item {
        visible: page.troubled && !page.special
        width: 1
        height: 16
    }
    SignInTrouble {
        visible: page.troubled
        width: parent.width
        step: page.step
    }
    Item {
        width: 1
        height: page.browser ? 0 : 20
    }
    PasswordFields {
        id: plainly
        visible: !page.browser && !page.special
        width: parent.width
        step: page.step
    }
    AppPasswordSteps {
        id: steps
        visible: page.special
        width: parent.width
        step: page.step
        onCopied: text => page.journey.copy(text)
    }
    BrowserAdvice {
        visible: page.browser
        width: parent.width
        step: page.step
        onByHand: page.journey.byHand()
        onAnother: page.journey.changeAddress()
    }
    QuietButton {
        visible: Theme.narrow
        text: qsTr("&Set up by hand")
        onClicked: page.journey.byHand()
    }
}
