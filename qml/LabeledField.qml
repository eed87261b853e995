// A text field: label above, one reserved note line below, so that nothing jumps. A state is told by border, icon and note, all three.
import QtQuick
import QtQuick.Controls.Basic

Item {
    id: field

    enum State { Plain, Testing, Good, Look, Wrong }

    property alias label: caption.text
    property alias text: input.text
    property string spoken: label           // what a screen reader says, where there is no label
    property alias placeholder: input.placeholderText
    property alias input: input
    property alias inputMethodHints: input.inputMethodHints
    property alias readOnly: input.readOnly
    property bool hidden: false
    property alias validator: input.validator
    property alias maximumLength: input.maximumLength
    property int status: LabeledField.Plain
    property string note
    property string noteIcon: status === LabeledField.Good ? "icons/check.svg" : status === LabeledField.Look || status === LabeledField.Wrong ? "icons/warning.svg" : ""
    property string action
    property string end
    readonly property bool mirrored: LayoutMirroring.enabled
    property bool large: false
    property bool keepsEnter: false         // Enter ends this field and is not the page's
    property bool reserve: true
    property bool showsIcon: true
    property bool code: false
    property color tick: ink
    property color ink: status === LabeledField.Good ? Theme.colors.successText : status === LabeledField.Look ? Theme.colors.warningText : status === LabeledField.Wrong ? Theme.colors.dangerText : Theme.colors.muted
    default property alias extra: ends.data
    signal edited
    signal finished
    signal accepted
    signal acted

    implicitWidth: 200
    implicitHeight: column.implicitHeight

    function enter(event: KeyEvent) {
        event.accepted = keepsEnter
        if (keepsEnter)
            accepted()
    }
    function take() {
        input.forceActiveFocus(Qt.TabFocusReason)
    }

    Column {
        id: column
        width: parent.width
        Prose {
            id: caption
            visible: text.length > 0
            width: parent.width
            size: Theme.small
            strong: true
            bottomPadding: 4 - lift
        }
        TextField {
            id: input
            width: parent.width
            height: Math.max(field.large || Theme.narrow ? Theme.px(48) : Theme.px(40), implicitHeight)
            readonly property int plainPadding: field.large ? 14 : 12
            readonly property int endPadding: 12 + (ends.width > 0 ? ends.width + 8 : 0)
            leftPadding: field.mirrored ? endPadding : plainPadding
            rightPadding: field.mirrored ? plainPadding : endPadding
            topPadding: 0
            bottomPadding: 0
            verticalAlignment: TextInput.AlignVCenter
            horizontalAlignment: TextInput.AlignLeft
            font.family: field.code ? Theme.mono : Theme.family
            font.pixelSize: field.large ? Theme.large : Theme.body
            color: enabled ? Theme.colors.text : Theme.colors.muted
            placeholderTextColor: Theme.colors.muted
            selectionColor: Theme.colors.text
            selectedTextColor: Theme.colors.background
            selectByMouse: true
            font.letterSpacing: field.hidden && text.length > 0 ? 2 : 0
            passwordCharacter: "\u2022"
            echoMode: field.hidden ? TextInput.Password : TextInput.Normal
            Accessible.name: field.spoken
            Accessible.description: field.note
            onTextEdited: field.edited()
            onEditingFinished: field.finished()
            Keys.onReturnPressed: event => field.enter(event)
            Keys.onEnterPressed: event => field.enter(event)
            background: Rectangle {
                radius: 8
                color: input.enabled ? Theme.colors.raised : Theme.colors.well
                border.width: field.status === LabeledField.Look || field.status === LabeledField.Wrong ? 1.5 : 1
                border.color: field.status === LabeledField.Wrong ? Theme.colors.danger : field.status === LabeledField.Look ? Theme.colors.warning : !input.enabled ? Theme.colors.line : input.activeFocus ? Theme.colors.focus : Theme.colors.lineStrong
                Rectangle {
                    // A plain field carries the ring on its border; one that tells something keeps its border and the ring goes around it.
                    readonly property bool around: field.status === LabeledField.Look || field.status === LabeledField.Wrong
                    visible: input.activeFocus
                    anchors.fill: parent
                    anchors.margins: around ? -3 : -1
                    radius: around ? 11 : 9
                    color: "transparent"
                    border.width: 2
                    border.color: Theme.colors.focus
                }
            }
            Row {
                id: ends
                anchors.right: parent.right
                anchors.rightMargin: field.large ? 16 : 12
                anchors.verticalCenter: parent.verticalCenter
                spacing: 8
                Prose {
                    visible: field.end.length > 0
                    anchors.verticalCenter: parent.verticalCenter
                    size: Theme.small
                    wrapMode: Text.NoWrap
                    color: Theme.colors.muted
                    text: field.end
                }
                Spinner {
                    visible: field.status === LabeledField.Testing && late.done && !Theme.reducedMotion
                    anchors.verticalCenter: parent.verticalCenter
                }
                Icon {
                    visible: field.showsIcon && (field.status === LabeledField.Good || field.status === LabeledField.Look || field.status === LabeledField.Wrong)
                    anchors.verticalCenter: parent.verticalCenter
                    source: field.status === LabeledField.Good ? "icons/check.svg" : "icons/warning.svg"
                    color: field.status === LabeledField.Good ? field.tick : field.ink
                }
            }
            Timer {
                id: late
                property bool done: false
                interval: 300
                running: field.status === LabeledField.Testing
                onRunningChanged: if (running) done = false
                onTriggered: done = true
            }
        }
        Item {
            visible: field.reserve || field.note.length > 0
            width: parent.width
            height: 6 + note.implicitHeight
            Note {
                id: note
                y: 6
                width: parent.width
                icon: field.note.length > 0 ? field.noteIcon : ""
                ink: field.ink
                text: field.note
                action: field.action
                onActed: field.acted()
            }
        }
    }
}
