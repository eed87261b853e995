pragma ComponentBehavior: Bound
// No server was found: whose turn it is, what was found out, and the best next thing as the primary.
import QtQuick
import Portolan

WizardPage {
    id: page

    required property Journey journey
    readonly property NothingStep step: journey.nothingStep
    readonly property bool beside: Theme.roseBeside
    readonly property string domain: step.domain.replace(/-/g, "\u2060-\u2060")
    readonly property string place: step.place.replace(/-/g, "\u2060-\u2060")

    plain: true
    title: switch (step.reason) {
           case NothingStep.NoSuchDomain: return qsTr("There is no domain %1").arg(domain)
           case NothingStep.NoAnswer: return qsTr("%1 does not answer").arg(place)
           case NothingStep.Offline: return qsTr("This computer is offline")
           case NothingStep.DnsBroken: return qsTr("The DNS of %1 is broken").arg(domain)
           case NothingStep.CaptivePortal: return qsTr("This network asks for its own sign-in first")
           case NothingStep.Unsupported: return qsTr("%1 does not let mail programs in").arg(place)
           default: return qsTr("No mail server found for %1").arg(domain)
           }
    lead: switch (step.reason) {
          case NothingStep.NoSuchDomain: return qsTr("Nobody has registered it, or it has lapsed. Look at the spelling after the @.")
          case NothingStep.NoAnswer: return qsTr("It is named as the mail server of %1, but it gave no proper answer.").arg(domain)
          case NothingStep.Offline: return qsTr("No name could be looked up. Check the cable or the wireless network.")
          case NothingStep.DnsBroken: return qsTr("Its name servers gave no usable answer. Your network is fine.")
          case NothingStep.CaptivePortal: return qsTr("Open any page in the browser, sign in to the network, then search again.")
          case NothingStep.Unsupported: return step.prepare.length > 0 ? step.prepare : qsTr("Its mail can be read on its own web page or with its own program only.")
          default: return qsTr("The domain exists, but it publishes no mail settings and none of the usual server names is in use. Your network is fine.")
          }
    primary: step.next === NothingStep.ChangeAddress ? (step.suggestion.length > 0 ? qsTr("&Try %1").arg(step.suggestedDomain) : qsTr("&Change the address"))
           : step.next === NothingStep.SearchAgain ? qsTr("Search a&gain") : qsTr("&Set up by hand")
    quiet: step.next === NothingStep.ByHand ? "" : qsTr("&Set up by hand")
    onGo: {
        if (step.next === NothingStep.SearchAgain)
            journey.searchAgain()
        else if (step.next === NothingStep.ByHand)
            journey.byHand()
        else if (step.suggestion.length > 0)
            journey.takeSuggestion()
        else
            journey.changeAddress()
    }
    onGoQuiet: journey.byHand()

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
            readonly property real start: Math.max(0, (width - 960) / 4)
            width: flick.width
            height: Math.max(column.y + column.height, page.beside ? tally.y + tally.height : 0) + 24

            Rose {
                id: rose
                visible: page.beside
                step: page.journey.searchStep
                radius: 104
                quarters: false
                x: (page.mirrored ? parent.width - 202 - sheet.start : 202 + sheet.start) - width / 2
                y: 210 - height / 2
            }
            Prose {
                id: tally
                visible: page.beside
                x: rose.x + rose.width / 2 - width / 2
                y: 356
                width: Theme.px(280)
                horizontalAlignment: Text.AlignHCenter
                size: Theme.small
                color: Theme.colors.muted
                text: qsTr("%n questions asked, %1 answered, none with a mail server. %2 seconds.", "", page.step.asked).arg(page.step.answered).arg(Math.max(0.1, page.step.elapsed / 1000).toLocaleString(Qt.locale(), "f", 1))
            }
            Column {
                id: column
                x: page.beside ? (page.mirrored ? 64 + sheet.start : 400 + sheet.start) : Theme.edge
                y: page.beside ? 24 : 20
                width: page.beside ? parent.width - 464 - 2 * sheet.start : parent.width - 2 * Theme.edge
                Prose {
                    visible: Theme.narrow
                    width: parent.width
                    size: Theme.small
                    color: Theme.colors.muted
                    bottomPadding: 8 - lift
                    text: page.stepWords
                }
                OwnerChip {
                    x: page.mirrored ? parent.width - width : 0
                    turn: true
                    owner: page.step.owner
                }
                Item {
                    width: 1
                    height: 10
                }
                Prose {
                    width: parent.width
                    size: Theme.title
                    strong: true
                    text: page.title
                    Accessible.role: Accessible.Heading
                    Accessible.name: text
                }
                Prose {
                    width: parent.width
                    topPadding: lift + 4
                    color: Theme.colors.muted
                    text: page.lead
                }
                Item {
                    width: 1
                    height: 24
                }
                Banner {
                    visible: page.step.suggestion.length > 0
                    width: parent.width
                    kind: Badge.Info
                    icon: "icons/person.svg"
                    title: qsTr("Did you mean %1?").arg(page.step.suggestion)
                    text: qsTr("That is the usual spelling of the domain.")
                }
                Prose {
                    width: parent.width
                    topPadding: lift + (page.step.suggestion.length > 0 ? 20 : 0)
                    bottomPadding: 8 - lift
                    size: Theme.small
                    strong: true
                    text: page.step.suggestion.length > 0 ? qsTr("Or") : qsTr("What you can do")
                }
                Card {
                    width: parent.width
                    height: ways.height
                    Column {
                        id: ways
                        width: parent.width
                        OptionRow {
                            first: true
                            icon.source: "icons/copy.svg"
                            title: copied ? qsTr("The note is copied") : qsTr("Ask your provider")
                            detail: copied ? qsTr("Paste it into a mail or a chat") : qsTr("Copies a short note that says what is missing")
                            property bool copied: false
                            onClicked: {
                                copied = true
                                page.journey.copy(page.note())
                            }
                        }
                        OptionRow {
                            visible: page.step.next !== NothingStep.SearchAgain
                            icon.source: "icons/retry.svg"
                            title: qsTr("Search again")
                            detail: qsTr("Perhaps from another network, without a VPN")
                            onClicked: page.journey.searchAgain()
                        }
                        OptionRow {
                            visible: page.step.next !== NothingStep.ChangeAddress || page.step.suggestion.length > 0
                            icon.source: "icons/person.svg"
                            title: qsTr("Change the address")
                            detail: qsTr("Goes back to the first page")
                            onClicked: page.journey.changeAddress()
                        }
                    }
                }
                QuietButton {
                    visible: Theme.narrow && page.quiet.length > 0
                    text: page.quiet
                    onClicked: page.journey.byHand()
                }
            }
        }
    }

    /// For whoever looks after the domain: what is missing.
    function note(): string {
        switch (step.reason) {
        case NothingStep.NoAnswer: return qsTr("The mail server %1 of %2 does not answer mail programs. Please check that it runs and that its ports 993 and 465 can be reached.").arg(step.place).arg(step.domain)
        case NothingStep.DnsBroken: return qsTr("The name servers of %1 give no usable answer. Please check the DNS of the domain.").arg(step.domain)
        default: return qsTr("Mail programs cannot find the mail servers of %1: it publishes neither SRV records (_imaps._tcp, _submissions._tcp) nor autoconfig settings. Which servers, ports and user name are to be used?").arg(step.domain)
        }
    }
}
