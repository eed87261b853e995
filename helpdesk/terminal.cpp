#include "helpdesk/terminal.hpp"

#include "helpdesk/language.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

namespace portolan {

namespace {

constexpr std::size_t longest_password = 1024;

struct Descriptor {
    int fd;
    explicit Descriptor(int given) : fd(given) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor()
    {
        if (fd > 2) close(fd);
    }
};

std::string shown(const std::string& path) { return in_quotes(clean_server_text(path, 200)); }

std::string cannot_read(const std::string& what, const std::string& why) { return translated("cannot read {what}: {why}", {{"{what}", what}, {"{why}", why}}); }

std::string password_file(const std::string& path) { return translated("the password file {file}", {{"{file}", shown(path)}}); }

std::expected<Secret, std::string> first_line(int fd, const std::string& where)
{
    std::string line;
    line.reserve(longest_password + 2);                                // so that no earlier copy of it stays behind
    for (;;) {
        char c = 0;
        const auto got = read(fd, &c, 1);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) {
            const int why = errno;
            wipe(line);
            return std::unexpected(cannot_read(where, system_words(why)));
        }
        if (got == 0 || c == '\n') break;
        if (line.size() > longest_password) {
            wipe(line);
            return std::unexpected(translated("the password from {where} is longer than 1024 bytes", {{"{where}", where}}));
        }
        line += c;
    }
    if (!line.empty() && line.back() == '\r') line.pop_back();
    Secret secret{line};
    wipe(line);
    if (secret.empty()) return std::unexpected(translated("there is no password in {where}", {{"{where}", where}}));
    if (!secret.usable()) return std::unexpected(translated("the password from {where} holds a character that no password can have", {{"{where}", where}}));
    return secret;
}

}

std::string system_words(int error)
{
    switch (error) {
    case ENOENT: return std::string(translated("it is not there"));
    case EACCES:
    case EPERM: return std::string(translated("that is not allowed"));
    case EISDIR: return std::string(translated("it is a folder"));
    case ENOTDIR: return std::string(translated("a part of the path is not a folder"));
    case EROFS: return std::string(translated("nothing can be written there"));
    case ENOSPC: return std::string(translated("the disk is full"));
    default: return std::strerror(error);
    }
}

bool is_terminal(int descriptor) { return isatty(descriptor) == 1; }

bool can_ask()
{
    const Descriptor terminal(open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY));
    return terminal.fd >= 0;
}

std::expected<Secret, std::string> read_password_stdin() { return first_line(0, std::string(translated("standard input"))); }

std::expected<Secret, std::string> read_password_file(const std::string& path)
{
    const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (file.fd < 0) return std::unexpected(cannot_read(password_file(path), system_words(errno)));
    struct stat there{};
    if (fstat(file.fd, &there) != 0 || S_ISDIR(there.st_mode)) return std::unexpected(cannot_read(password_file(path), std::string(translated("it is a folder"))));
    // A pipe (<(pass show …)) is read as it comes; only opening it must not wait for a writer that is not there.
    fcntl(file.fd, F_SETFL, fcntl(file.fd, F_GETFL) & ~O_NONBLOCK);
    return first_line(file.fd, password_file(path));
}

std::optional<Secret> ask_password(const std::string& prompt)
{
    const Descriptor terminal(open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY));
    termios before{};
    if (terminal.fd < 0 || tcgetattr(terminal.fd, &before) != 0) return std::nullopt;
    // Raw keys: no echo, and Ctrl-C arrives as a byte, so that the terminal is always given back as it was.
    termios quiet = before;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO | ICANON | ISIG);
    quiet.c_cc[VMIN] = 1;
    quiet.c_cc[VTIME] = 0;
    if (tcsetattr(terminal.fd, TCSAFLUSH, &quiet) != 0) return std::nullopt;
    const auto say = [&](std::string_view text) { return write(terminal.fd, text.data(), text.size()) >= 0; };
    say(prompt);
    std::string line;
    line.reserve(longest_password + 2);
    bool given_up = false;
    for (;;) {
        char c = 0;
        const auto got = read(terminal.fd, &c, 1);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0 || c == 3 || (c == 4 && line.empty())) {
            given_up = true;
            break;
        }
        if (c == '\n' || c == '\r') break;
        if (c == 127 || c == 8) {
            while (!line.empty() && (static_cast<unsigned char>(line.back()) & 0xc0) == 0x80) line.pop_back();
            if (!line.empty()) line.pop_back();
        } else if (c == 21) {
            wipe(line);
            line.reserve(longest_password + 2);
        } else if (static_cast<unsigned char>(c) >= 0x20 && line.size() < longest_password) {
            line += c;
        }
    }
    say("\n");
    tcsetattr(terminal.fd, TCSAFLUSH, &before);
    Secret secret{line};
    wipe(line);
    if (given_up || secret.empty()) return std::nullopt;
    return secret;
}

bool ask_yes(const std::string& question)
{
    if (!is_terminal(0) || !is_terminal(2)) return false;
    std::fputs((translated("{question} [y/N]", {{"{question}", question}}) + " ").c_str(), stderr);
    std::fflush(stderr);
    std::string line;
    for (int c = std::fgetc(stdin); c != EOF && c != '\n' && line.size() < 20; c = std::fgetc(stdin)) line += static_cast<char>(std::tolower(c));
    // "yes" is understood in every language: it is what the fingers know.
    return line == "y" || line == "yes" || line == translated(PORTOLAN_TR("y")) || line == translated(PORTOLAN_TR("yes"));
}

std::expected<std::string, std::string> read_text(const std::string& path, std::size_t largest)
{
    const bool standard = path == "-";
    const Descriptor file(standard ? 0 : open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.fd < 0) return std::unexpected(cannot_read(shown(path), system_words(errno)));
    std::string text;
    char block[16384];
    for (;;) {
        const auto got = read(file.fd, block, sizeof block);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return std::unexpected(cannot_read(standard ? std::string(translated("standard input")) : shown(path), system_words(errno)));
        if (got == 0) return text;
        text.append(block, static_cast<std::size_t>(got));
        if (text.size() > largest)
            return std::unexpected(translated("{file} is larger than {size} MiB",
                                              {{"{file}", standard ? std::string(translated("standard input")) : shown(path)}, {"{size}", std::to_string(largest >> 20)}}));
    }
}

bool put(std::string_view text)
{
    const bool whole = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
    return std::fflush(stdout) == 0 && whole;
}

void complain(std::string_view line) { std::fprintf(stderr, "portolan: %.*s\n", static_cast<int>(line.size()), line.data()); }

}
