pragma ComponentBehavior: Bound
// The proof first, then the files.
import QtQuick
import Portolan

WizardPage {
    id: page

    required property Journey journey
    readonly property DoneStep step: journey.doneStep

    title: qsTr("Your account works")
    header: false
    primary: qsTr("&Close")
    quiet: qsTr("&Add another account")
    onGo: journey.close()
    onGoQuiet: journey.anotherAccount()

    Item {
        width: parent.width
        height: Math.max(ring.height, heading.implicitHeight) + 24
        Rectangle {
            id: ring
            anchors.left: parent.left
            width: 48
            height: 48
            radius: 24
            antialiasing: true
            color: "transparent"
            border.width: 2
            border.color: Theme.colors.success
            Icon {
                anchors.centerIn: parent
                size: 24
                source: "icons/check.svg"
                color: Theme.colors.successText
            }
        }
        Column {
            id: heading
            anchors.left: ring.right
            anchors.leftMargin: 16
            anchors.right: parent.right
            y: -4
            Prose {
                visible: Theme.narrow
                width: parent.width
                size: Theme.small
                color: Theme.colors.muted
                text: page.stepWords
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
                color: Theme.colors.muted
                text: qsTr("Signed in for reading and for sending just now.")
            }
        }
    }
    Card {
        width: parent.width
        height: proof.height
        Column {
            id: proof
            width: parent.width
            Repeater {
                model: page.step.services
                ServiceRow { width: proof.width }
            }
        }
    }
    Item {
        width: 1
        height: 12
    }
    Card {
        width: parent.width
        height: files.height
        Column {
            id: files
            width: parent.width
            Repeater {
                model: page.step
                FileRow {
                    width: files.width
                    onShown: page.step.showFiles(index)
                }
            }
        }
    }
    Item {
        width: 1
        height: 12
    }
    Note {
        width: parent.width
        icon: "icons/file.svg"
        text: qsTr("Everything is in %1. No file holds your password; each program asks for it once.").arg(page.step.folder)
    }
    QuietButton {
        visible: Theme.narrow
        text: page.quiet
        onClicked: page.journey.anotherAccount()
    }
}
