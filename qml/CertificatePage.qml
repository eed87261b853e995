pragma ComponentBehavior: Bound
// One certificate a person has to decide about. The safe way out is the primary.
import QtQuick
import Portolan

WizardPage {
    id: page

    required property Journey journey
    readonly property CertificateStep step: journey.certificateStep
    readonly property string host: (step.sub + step.domain).replace(/-/g, "\u2060-\u2060")
    readonly property bool side: Theme.twoColumns

    title: step.fault === CertificateStep.Expired || step.fault === CertificateStep.NotYetValid ? qsTr("This certificate is out of date") : qsTr("Is this really your mail server?")
    lead: switch (step.fault) {
          case CertificateStep.Expired: return qsTr("The certificate of %1 ended %n days ago.", "", step.days).arg(host)
          case CertificateStep.NotYetValid: return qsTr("The certificate of %1 begins in %n days. Is this computer’s clock right?", "", step.days).arg(host)
          case CertificateStep.OtherName: return qsTr("%1 shows a certificate that was made for another name.").arg(host)
          case CertificateStep.SelfSigned: return qsTr("%1 signed its own certificate. Nobody else vouches for it.").arg(host)
          case CertificateStep.UnknownIssuer: return qsTr("Somebody this computer does not know vouches for %1.").arg(host)
          case CertificateStep.Incomplete: return qsTr("%1 does not show who vouches for its certificate.").arg(host)
          case CertificateStep.Revoked: return qsTr("The certificate of %1 was withdrawn by the one who made it.").arg(host)
          case CertificateStep.Weak: return qsTr("The certificate of %1 can be forged with today’s computers.").arg(host)
          case CertificateStep.Purpose: return qsTr("The certificate of %1 was not made for servers.").arg(host)
          default: return qsTr("The certificate of %1 cannot be checked.").arg(host)
          }
    primary: qsTr("&Use another server")
    danger: step.acceptable ? qsTr("&Trust this key") : ""
    dangerEnabled: step.compared
    onGo: step.useAnother()
    onGoDanger: step.trust()
    onGoQuiet: journey.byHand()

    Item {
        width: parent.width
        height: page.side ? Math.max(facts.height, warnings.implicitHeight) : facts.height + 12 + warnings.implicitHeight

        Card {
            id: facts
            anchors.left: parent.left
            width: page.side ? parent.width - 348 : parent.width
            height: Math.max(pairs.implicitHeight + 16, page.side ? warnings.implicitHeight : 0)
            Column {
                id: pairs
                x: Theme.narrow ? 16 : 20
                y: 8
                width: parent.width - 2 * x
                FactRow {
                    first: true
                    name: qsTr("You asked for")
                    Flow {
                        width: parent.width
                        spacing: 6
                        HostText {
                            size: Theme.small
                            sub: page.step.sub
                            domain: page.step.domain
                            subColor: Theme.colors.text
                            width: Math.min(implicitWidth, parent.width)
                        }
                        Prose {
                            size: Theme.small
                            text: qsTr("port %1").arg(page.step.port)
                        }
                    }
                }
                FactRow {
                    name: qsTr("It names")
                    good: page.step.fault !== CertificateStep.OtherName
                    badge: good ? qsTr("same name") : qsTr("another name")
                    Prose {
                        width: parent.width
                        size: Theme.small
                        text: page.step.names
                    }
                }
                FactRow {
                    readonly property bool unknown: page.step.fault === CertificateStep.SelfSigned || page.step.fault === CertificateStep.UnknownIssuer || page.step.fault === CertificateStep.Incomplete
                    name: qsTr("Vouched for by")
                    badge: unknown ? qsTr("nobody known") : page.step.fault === CertificateStep.Revoked ? qsTr("withdrawn") : ""
                    Prose {
                        width: parent.width
                        size: Theme.small
                        text: page.step.fault === CertificateStep.SelfSigned ? qsTr("itself only") : page.step.issuer
                    }
                }
                FactRow {
                    name: qsTr("Valid")
                    badge: page.step.fault === CertificateStep.Expired ? qsTr("ended") : page.step.fault === CertificateStep.NotYetValid ? qsTr("not yet") : ""
                    Prose {
                        width: parent.width
                        size: Theme.small
                        text: qsTr("%1 to %2").arg(page.step.from).arg(page.step.until)
                    }
                }
                FactRow {
                    //: of the public key
                    name: qsTr("Fingerprint SHA-256")
                    Item {
                        width: parent.width
                        height: prints.height + (page.side ? 0 : 36)
                        Column {
                            id: prints
                            x: page.mirrored ? parent.width - width : 0
                            LayoutMirroring.enabled: false
                            Repeater {
                                model: page.step.fingerprint
                                Prose {
                                    required property string modelData
                                    size: Theme.small
                                    font.family: Theme.mono
                                    wrapMode: Text.NoWrap
                                    text: modelData
                                }
                            }
                        }
                        QuietButton {
                            anchors.right: parent.right
                            anchors.rightMargin: -8
                            y: page.side ? -8 : prints.height
                            width: 36
                            height: 36
                            leftPadding: 8
                            rightPadding: 8
                            ink: Theme.colors.muted
                            icon.source: "icons/copy.svg"
                            Accessible.name: qsTr("Copy the fingerprint")
                            onClicked: page.journey.copy(page.step.fingerprintLine())
                        }
                    }
                }
            }
        }
        Column {
            id: warnings
            x: page.side ? (LayoutMirroring.enabled ? 0 : parent.width - width) : 0
            y: page.side ? 0 : facts.height + 12
            width: page.side ? 332 : parent.width
            spacing: 12
            Banner {
                width: parent.width
                kind: Badge.Warning
                title: qsTr("What could happen")
                text: page.step.fault === CertificateStep.Expired ? qsTr("Nobody watches over an old certificate any more. Whoever has its key could pose as the server, and read your password and mail.")
                                                                   : qsTr("Someone between you and the server could show a certificate of their own, and read your password and mail.")
            }
            Card {
                width: parent.width
                height: Math.max(how.implicitHeight + 28, page.side ? facts.height - y : 0)
                Icon {
                    id: paper
                    anchors.left: parent.left
                    anchors.leftMargin: 16
                    y: 14 + (Theme.px(24) - height) / 2
                    source: "icons/certificate.svg"
                    color: Theme.colors.muted
                }
                Column {
                    id: how
                    y: 14
                    x: 16
                    width: parent.width - 32
                    Prose {
                        leftPadding: LayoutMirroring.enabled ? 0 : 32
                        rightPadding: LayoutMirroring.enabled ? 32 : 0
                        width: parent.width
                        strong: true
                        text: qsTr("How to be sure")
                    }
                    Prose {
                        width: parent.width
                        leftPadding: LayoutMirroring.enabled ? 0 : 32
                        rightPadding: LayoutMirroring.enabled ? 32 : 0
                        topPadding: lift + 2
                        size: Theme.small
                        color: Theme.colors.muted
                        text: qsTr("Ask your mail provider by phone, or look on their website. Every group must be the same.")
                    }
                }
            }
        }
    }
    Item {
        width: 1
        height: 12
    }
    Card {
        visible: page.step.acceptable
        width: parent.width
        height: Math.max(64, tick.implicitHeight + 16)
        TickBox {
            id: tick
            x: Theme.narrow ? 16 : 20
            width: parent.width - 2 * x
            anchors.verticalCenter: parent.verticalCenter
            text: qsTr("I compared the fingerprint and it is the same")
            detail: qsTr("Accepts this one key for %1, port %2, and nothing else").arg(page.host).arg(page.step.port)
            checked: page.step.compared
            onToggled: page.step.compared = checked
        }
    }
}
