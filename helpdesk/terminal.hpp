// What a person types: passwords and yes or no. A password comes by prompt, standard input or a file, never as an argument.
#pragma once

#include "helpdesk/options.hpp"

namespace portolan {

/// Why a file could not be had (an errno); the rare ones in the words of the system.
std::string system_words(int error);

bool is_terminal(int descriptor);
bool can_ask();                                ///< is there a terminal to type a password at?

/// The first line of a file or of standard input, at most 1 KiB, without its line end. The error is a whole clause.
std::expected<Secret, std::string> read_password_file(const std::string& path);
std::expected<Secret, std::string> read_password_stdin();

/// Shows `prompt` on the terminal and reads without echo. Nothing when there is no terminal, or the person pressed Ctrl-C or Ctrl-D.
std::optional<Secret> ask_password(const std::string& prompt);

/// Asks on the terminal; no when there is none, and for anything but a clear yes.
bool ask_yes(const std::string& question);

/// A whole file, or standard input for "-", at most `largest` octets.
std::expected<std::string, std::string> read_text(const std::string& path, std::size_t largest = 8 * 1024 * 1024);

/// All of `text` to standard output. false when nobody reads it any more.
bool put(std::string_view text);
void complain(std::string_view line);          ///< "portolan: …" on standard error

}
