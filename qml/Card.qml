// A surface with a hairline; rows inside are split by lines.
import QtQuick

Rectangle {
    radius: 12
    color: Theme.colors.surface
    border.width: 1
    border.color: Theme.colors.line
}
