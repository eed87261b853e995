// Why the sign-in did not work: what happened, what to do, and the server's own words as theirs.
import QtQuick
import Portolan

Banner {
    id: banner

    required property SignInStep step
    readonly property string host: step.troubleHost.replace(/-/g, "\u2060-\u2060")

    kind: step.trouble === SignInStep.Refused || step.trouble === SignInStep.Unprotected || step.trouble === SignInStep.Certificate ? Badge.Danger : Badge.Warning
    icon: step.trouble === SignInStep.AppPasswordNeeded ? "icons/key.svg" : step.trouble === SignInStep.Unprotected ? "icons/lock-open.svg" : "icons/warning.svg"
    quote: step.said
    title: switch (step.trouble) {
           case SignInStep.Refused: return step.way === SignInStep.AppPassword ? qsTr("The server refused this app password") : qsTr("The server refused this password")
           case SignInStep.AppPasswordNeeded: return qsTr("The usual password is right, but not for mail programs")
           case SignInStep.Locked: return qsTr("The account is locked for now")
           case SignInStep.TryLater: return qsTr("%1 asks to try again later").arg(host)
           case SignInStep.DisabledByProvider: return qsTr("The provider has switched this sign-in off")
           case SignInStep.ClosedToAccount: return qsTr("%1 is not open to this account").arg(host)
           case SignInStep.NoCommonWay: return qsTr("%1 wants a kind of sign-in that Portolan does not have").arg(host)
           case SignInStep.Unprotected: return qsTr("%1 would not encrypt. The password was not sent").arg(host)
           case SignInStep.NoAnswer: return qsTr("%1 does not answer any more").arg(host)
           case SignInStep.Certificate: return qsTr("%1 shows another certificate now. The password was not sent").arg(host)
           case SignInStep.BrowserNeeded: return qsTr("%1 wants a sign-in in the browser").arg(host)
           default: return host.length > 0 ? qsTr("The sign-in at %1 did not work").arg(host) : qsTr("The sign-in did not work")
           }
    text: switch (step.trouble) {
          case SignInStep.Refused: return qsTr("It counts tries, so check before the next one.")
          case SignInStep.AppPasswordNeeded: return ""
          case SignInStep.Locked: return qsTr("Wait an hour, or unlock it on the provider’s web page. Every further try makes it longer.")
          case SignInStep.TryLater: return qsTr("Wait a few minutes. Nothing has to be typed again.")
          case SignInStep.DisabledByProvider: return qsTr("Look in the mail settings of the provider’s web page for IMAP or POP access.")
          case SignInStep.ClosedToAccount: return qsTr("Switch mail programs on in the provider’s web page, or ask whoever looks after your account.")
          case SignInStep.NoCommonWay: return qsTr("Ask the provider for an app password, or for another server.")
          case SignInStep.Unprotected:
          case SignInStep.Certificate: return qsTr("Someone may stand between you and the server. Try from another network.")
          case SignInStep.NoAnswer: return qsTr("Check the connection, then sign in again.")
          case SignInStep.BrowserNeeded: return qsTr("An app password may do as well.")
          default: return qsTr("Sign in again. If it stays so, ask the provider.")
          }
}
