// One line on standard error while a search runs; only where that is a terminal.
#pragma once

#include "probe/search.hpp"

namespace portolan {

class Progress : public SearchListener {
public:
    explicit Progress(bool shown) : shown_(shown) {}
    ~Progress() override { clear(); }
    void started(const Probe& probe) override;
    void ended(const Probe& probe) override;
    void clear();                              ///< takes the line away again

private:
    void draw();
    bool shown_, drawn_ = false;
    int asked_ = 0, answered_ = 0;
    std::string last_;
    std::chrono::steady_clock::time_point drew_{};
};

}
