pragma ComponentBehavior: Bound
// The places to set up, several at once, and the folder the files go to.
import QtQuick
import Portolan

WizardPage {
    id: page

    required property Journey journey
    readonly property WhereToStep step: journey.whereToStep

    title: qsTr("Where do you read your mail?")
    lead: qsTr("Choose as many as you like.")
    primary: step.chosen > 0 ? qsTr("Set &up %n places", "", step.chosen) : qsTr("Set &up")
    primaryEnabled: step.chosen > 0
    primaryReason: qsTr("Choose a place first")
    onGo: step.setUp()
    onGoQuiet: journey.byHand()

    function begin() {
        const card = cards.itemAt(0)
        if (card)
            card.forceActiveFocus(Qt.OtherFocusReason)
    }

    Grid {
        id: grid
        width: parent.width
        columns: Theme.twoColumns ? 4 : parent.width >= Theme.px(280) ? 2 : 1
        spacing: 12
        Repeater {
            id: cards
            model: page.step
            DeviceCard {
                width: (grid.width - (grid.columns - 1) * grid.spacing) / grid.columns
                onToggled: page.step.toggle(index)
            }
        }
    }
    Item {
        width: 1
        height: 24
    }
    LabeledField {
        width: parent.width
        label: qsTr("Folder for the files")
        text: page.step.shownFolder
        inputMethodHints: Qt.ImhNoPredictiveText | Qt.ImhNoAutoUppercase
        status: page.step.trouble === WhereToStep.FolderUnusable ? LabeledField.Wrong : LabeledField.Plain
        note: page.step.trouble === WhereToStep.FolderUnusable ? qsTr("Nothing can be written there. Choose a folder of your own, with its whole path.")
            : qsTr("No file holds your password. Files that are there already stay as they are.")
        onEdited: page.step.folder = text
    }
    Item {
        visible: trouble.visible
        width: 1
        height: 12
    }
    Banner {
        id: trouble
        visible: page.step.trouble === WhereToStep.NotWritten
        width: parent.width
        kind: Badge.Danger
        icon: "icons/warning.svg"
        title: qsTr("The files were not written")
        text: page.step.troubleDetail
    }
    QuietButton {
        visible: Theme.narrow
        text: qsTr("&Set up by hand")
        onClicked: page.journey.byHand()
    }
}
