pragma ComponentBehavior: Bound
// Where the pages stand: one comes in from the side it lies on, the one before it goes out at the other. The keyboard is live all the while.
import QtQuick
import Portolan

FocusScope {
    id: stage
    objectName: "stage"                    // by which a story finds the page

    required property Journey journey
    property WizardPage page: null
    readonly property bool atRest: page !== null && front.status === Loader.Ready && front.away === 0
    property Slot front: one
    property Slot behind: two

    function show(file: string, forward: bool) {
        const passed = front
        front = behind
        behind = passed
        if (passed.status === Loader.Ready)
            passed.leave(forward)
        front.enter(file, forward)
        page = front.item as WizardPage
        page.begin()
    }

    component Slot: Loader {
        id: slot

        property int side: 1                // where the page comes from, or goes to
        property real away: 0               // 0: here; 1: gone

        function enter(file: string, forward: bool) {
            out.stop()
            side = forward ? 1 : -1
            away = 1
            z = 1
            focus = true
            setSource(file, { "journey": stage.journey })
            into.start()
        }
        function leave(forward: bool) {
            into.stop()
            side = forward ? -1 : 1
            z = 0
            focus = false
            out.start()
        }

        width: stage.width
        height: stage.height
        x: away * side * Theme.shift * (LayoutMirroring.enabled ? -1 : 1)
        opacity: 1 - away
        enabled: stage.front === slot

        NumberAnimation {
            id: into
            target: slot
            property: "away"
            to: 0
            duration: Theme.slide
            easing.type: Easing.OutCubic
        }
        NumberAnimation {
            id: out
            target: slot
            property: "away"
            to: 1
            duration: Theme.slide / 2
            easing.type: Easing.OutCubic
            onFinished: slot.source = ""
        }
    }

    Slot { id: one }
    Slot { id: two }
}
