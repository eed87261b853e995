pragma ComponentBehavior: Bound
// Two halves, each tested against the real server as it is typed.
import QtQuick
import Portolan

WizardPage {
    id: page

    required property Journey journey
    readonly property HandStep step: journey.handStep

    title: qsTr("Set up by hand")
    lead: qsTr("Each field is tested as you finish it. You can also paste a web address or host:port.")
    primary: qsTr("&Continue")
    primaryEnabled: step.complete
    primaryReason: qsTr("Both servers have to answer first")
    quiet: qsTr("&Search again")
    onGo: step.goOn()
    onGoQuiet: journey.searchAgain()

    function begin() {
        incoming.take()
    }

    Grid {
        id: halves
        width: parent.width
        columns: Theme.twoColumns ? 2 : 1
        columnSpacing: 16
        rowSpacing: 12
        readonly property real column: (width - (columns - 1) * columnSpacing) / columns
        readonly property real tallest: columns === 2 ? Math.max(incoming.implicitHeight, outgoing.implicitHeight) : 0
        HandHalfCard {
            id: incoming
            width: halves.column
            height: Math.max(implicitHeight, halves.tallest)
            half: page.step.incoming
            title: qsTr("Incoming mail")
            icon: "icons/mail-in.svg"
            Segments {
                width: parent.width
                name: qsTr("Protocol")
                choices: [qsTr("IMAP"), qsTr("POP3")]
                current: page.step.incoming.kind === ServiceList.Pop3 ? 1 : 0
                onChosen: at => page.step.incoming.kind = at === 1 ? ServiceList.Pop3 : ServiceList.Imap
            }
        }
        HandHalfCard {
            id: outgoing
            width: halves.column
            height: Math.max(implicitHeight, halves.tallest)
            half: page.step.outgoing
            title: qsTr("Outgoing mail")
            icon: "icons/mail-out.svg"
            nameFixed: page.step.sameSignIn
            TickBox {
                width: parent.width
                text: qsTr("Same sign-in as for incoming mail")
                checked: page.step.sameSignIn
                onToggled: page.step.sameSignIn = checked
            }
        }
    }
    QuietButton {
        visible: Theme.narrow
        text: page.quiet
        onClicked: page.journey.searchAgain()
    }
}
