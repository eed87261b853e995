pragma ComponentBehavior: Bound
// A sign-in that only a browser can do: what can be done instead.
import QtQuick
import Portolan

Column {
    id: advice

    required property SignInStep step
    signal byHand
    signal another

    Note {
        visible: advice.step.prepare.length > 0
        width: parent.width
        icon: "icons/browser.svg"
        text: advice.step.prepare
    }
    Item {
        visible: advice.step.prepare.length > 0
        width: 1
        height: 16
    }
    Card {
        width: parent.width
        height: rows.height
        Column {
            id: rows
            width: parent.width
            OptionRow {
                first: true
                icon.source: "icons/key.svg"
                title: qsTr("I have an app password")
                detail: qsTr("Some providers make one on their security page")
                onClicked: advice.step.useAppPassword(true)
            }
            OptionRow {
                icon.source: "icons/wrench.svg"
                title: qsTr("Set up other servers by hand")
                detail: qsTr("If your provider named servers that take a password")
                onClicked: advice.byHand()
            }
            OptionRow {
                icon.source: "icons/person.svg"
                title: qsTr("Use another address")
                detail: qsTr("Goes back to the first page")
                onClicked: advice.another()
            }
        }
    }
    Item {
        width: 1
        height: 12
    }
    Note {
        width: parent.width
        icon: "icons/desktop.svg"
        text: qsTr("Thunderbird, Outlook and phones open the browser by themselves: type your address there and they do the rest.")
    }
}
