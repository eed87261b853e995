pragma ComponentBehavior: Bound
// The recommended set, why, and what else would work.
import QtQuick
import Portolan

WizardPage {
    id: page

    required property Journey journey
    readonly property FoundStep step: journey.foundStep
    readonly property bool fine: step.obstacle === FoundStep.None && step.strangers.length === 0
    readonly property string seconds: Math.max(0.1, step.elapsed / 1000).toLocaleString(Qt.locale(), "f", 1)

    title: fine ? qsTr("These servers work for you") : step.obstacle === FoundStep.None || step.obstacle === FoundStep.Certificate ? qsTr("Found, with one question") : qsTr("Found, but not ready to use")
    lead: fine ? qsTr("Found and tested in %1 seconds. Your password goes to the proven ones and no others.").arg(seconds) : qsTr("Found and tested in %1 seconds. No password has left this computer.").arg(seconds)
    primary: qsTr("&Continue")
    primaryEnabled: step.canContinue
    primaryReason: step.strangers.length > 0 ? qsTr("Confirm the servers’ domain first") : qsTr("These servers cannot be used as they are")
    onGo: step.goOn()
    onGoQuiet: journey.byHand()

    Banner {
        visible: page.step.obstacle !== FoundStep.None && page.step.obstacle !== FoundStep.Certificate
        width: parent.width
        kind: page.step.obstacle === FoundStep.Unprotected ? Badge.Danger : Badge.Warning
        icon: page.step.obstacle === FoundStep.Unprotected ? "icons/lock-open.svg" : "icons/warning.svg"
        title: switch (page.step.obstacle) {
               case FoundStep.Unprotected: return qsTr("A password would travel unprotected to %1").arg(page.step.obstacleHost)
               case FoundStep.NoAnswer: return qsTr("%1 does not work").arg(page.step.obstacleHost)
               case FoundStep.IncomingMissing: return qsTr("No server for incoming mail was found")
               default: return qsTr("No server for outgoing mail was found")
               }
        text: switch (page.step.obstacle) {
              case FoundStep.Unprotected: return qsTr("Portolan does not send it there. The domain’s owner has to switch encryption on; another server can be set up by hand.")
              case FoundStep.NoAnswer: return qsTr("It is published as your server, but it did not answer properly. Search again later, or set up another server by hand.")
              default: return qsTr("Ask your provider for its name and set it up by hand; what was found is filled in already.")
              }
    }
    Item {
        visible: page.step.obstacle !== FoundStep.None && page.step.obstacle !== FoundStep.Certificate
        width: 1
        height: 12
    }
    Card {
        width: parent.width
        height: list.height
        Column {
            id: list
            width: parent.width
            Repeater {
                model: page.step.services
                ServiceRow {
                    width: list.width
                }
            }
        }
    }
    Item {
        width: 1
        height: 12
    }
    Card {
        visible: page.step.strangers.length > 0
        width: parent.width
        height: Math.max(64, confirm.implicitHeight + 16)
        TickBox {
            id: confirm
            x: 20
            width: parent.width - 40
            anchors.verticalCenter: parent.verticalCenter
            text: qsTr("%1 may have my password").arg(page.step.strangers)
            detail: qsTr("Nobody but you can say whether this company keeps the mail of %1").arg(page.journey.address.split("@").pop())
            checked: page.step.confirmed
            onToggled: page.step.confirmed = checked
        }
    }
    Item {
        visible: page.step.strangers.length > 0
        width: 1
        height: 12
    }
    Card {
        width: parent.width
        height: more.height
        Column {
            id: more
            width: parent.width
            Expander {
                id: why
                width: parent.width
                title: qsTr("Why these?")
                open: page.step.strangers.length > 0
                Column {
                    x: Theme.narrow ? 16 : 20
                    width: parent.width - 2 * x
                    topPadding: 2
                    bottomPadding: 14
                    FactLine {
                        ink: page.step.basis >= FoundStep.MailExchange ? Theme.colors.warningText : Theme.colors.successText
                        icon: page.step.basis >= FoundStep.MailExchange ? "icons/warning.svg" : "icons/check.svg"
                        text: switch (page.step.basis) {
                              case FoundStep.Provider: return qsTr("%1 is a known provider, and these are its servers.").arg(page.step.basisName)
                              case FoundStep.Domain: return qsTr("%1 publishes them itself, over a secure connection.").arg(page.step.basisName)
                              case FoundStep.DomainDns: return qsTr("The DNS of %1 names them.").arg(page.step.basisName)
                              case FoundStep.PublicList: return qsTr("A public list of mail providers names them.")
                              case FoundStep.MailExchange: return qsTr("Mail for %1 is received there, so its mailboxes probably are there too.").arg(page.step.basisName)
                              case FoundStep.OpenWeb: return qsTr("%1 publishes them, but over a connection that anyone could have changed.").arg(page.step.basisName)
                              default: return qsTr("Nobody publishes them: they have the usual names, and they answer.")
                              }
                    }
                    FactLine {
                        visible: page.step.agreeing > 0
                        text: qsTr("%n further sources say the same.", "", page.step.agreeing)
                    }
                    FactLine {
                        visible: page.step.goodUntil.length > 0
                        text: qsTr("The certificates name the right servers and are good until %1.").arg(page.step.goodUntil)
                    }
                    FactLine {
                        visible: page.step.obstacle === FoundStep.Certificate
                        ink: Theme.colors.warningText
                        icon: "icons/warning.svg"
                        text: qsTr("The certificate of %1 is not good. The next page shows it.").arg(page.step.obstacleHost)
                    }
                }
            }
            Hairline { width: parent.width }
            Expander {
                width: parent.width
                title: page.step.others.count > 0 ? qsTr("%n other ways", "", page.step.others.count) : qsTr("No other way so far")
                hint: page.step.others.count > 0 ? "" : qsTr("The first good answer ended the search")
                Repeater {
                    model: page.step.others
                    OtherRow {
                        width: more.width
                        onChosen: row => page.step.use(row)
                    }
                }
                Item {
                    width: parent.width
                    height: Theme.px(44)
                    Link {
                        x: parent.LayoutMirroring.enabled ? parent.width - width - 20 : Theme.narrow ? 16 : 20
                        anchors.verticalCenter: parent.verticalCenter
                        text: qsTr("Look further, until everybody has answered")
                        onClicked: page.journey.lookFurther()
                    }
                }
            }
        }
    }
    QuietButton {
        visible: Theme.narrow
        text: qsTr("&Set up by hand")
        onClicked: page.journey.byHand()
    }
}
