// Loaded before a program (LD_PRELOAD), it moves the time that std::chrono::system_clock tells by PORTOLAN_OTHER_DAY seconds. Nothing else
// is touched: libraries that take clock_gettime away from a program do not get along with the sanitizers.
#include <chrono>
#include <cstdlib>
#include <ctime>

std::chrono::system_clock::time_point std::chrono::system_clock::now() noexcept
{
    static const char* const text = std::getenv("PORTOLAN_OTHER_DAY");
    timespec moment{};
    clock_gettime(CLOCK_REALTIME, &moment);
    return time_point(std::chrono::seconds(moment.tv_sec + (text ? std::atoll(text) : 0)) + std::chrono::nanoseconds(moment.tv_nsec));
}
