// User name and password.
import QtQuick
import Portolan

Column {
    id: fields

    required property SignInStep step
    readonly property string password: secret.text

    function take() {
        secret.take()
        secret.input.selectAll()
    }

    LabeledField {
        width: parent.width
        label: qsTr("User name")
        text: fields.step.userName
        readOnly: fields.step.working
        inputMethodHints: Qt.ImhNoPredictiveText | Qt.ImhNoAutoUppercase
        maximumLength: 320
        note: qsTr("Usually the whole address. Change it only if your provider gave you another.")
        onEdited: fields.step.userName = text
    }
    Item {
        width: 1
        height: 16
    }
    LabeledField {
        id: secret
        width: parent.width
        label: qsTr("Password")
        readOnly: fields.step.working
        hidden: !show.checked
        showsIcon: false
        status: fields.step.trouble === SignInStep.NotUsable || fields.step.trouble === SignInStep.Refused ? LabeledField.Wrong : LabeledField.Plain
        note: fields.step.trouble !== SignInStep.NotUsable ? "" : text.length === 0 ? qsTr("Type the password.") : qsTr("There is a character in it that no password can have.")
        EyeButton { id: show }
    }
    Item {
        width: 1
        height: 8
    }
    Hairline { width: parent.width }
    Item {
        width: 1
        height: 14
    }
    Item {
        width: parent.width
        height: words.height
        Icon {
            id: glyph
            anchors.left: parent.left
            y: 1
            size: 18
            source: "icons/key.svg"
            color: Theme.colors.muted
        }
        Column {
            id: words
            anchors.left: glyph.right
            anchors.leftMargin: 12
            anchors.right: parent.right
            Prose {
                width: parent.width
                size: Theme.small
                color: Theme.colors.muted
                text: qsTr("Portolan keeps the password no longer than the sign-in takes. With two-step sign-in, mail programs need a password of their own.")
            }
            Link {
                visible: fields.step.mayChooseWay
                text: qsTr("I have an app password")
                onClicked: fields.step.useAppPassword(true)
            }
        }
    }
}
