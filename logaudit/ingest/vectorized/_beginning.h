/* What the beginning of a line says: its time, and what is known of the text behind it. */

#ifndef LOGAUDIT_BEGINNING_H
#define LOGAUDIT_BEGINNING_H

#include "_known.h"

/* As in headtable.py. */
#define WORD 8
#define FACTOR_0 UINT64_C(0x9E3779B97F4A7C15)
#define FACTOR_1 UINT64_C(0xC2B2AE3D27D4EB4F)
#define FACTOR_2 UINT64_C(0x165667B19E3779F9)

#define MICROSECONDS INT64_C(1000000)

/* Whether a text shows the characters of a template, in which 0 stands for any digit. */
static int
fits(const char *text, const char *template, Py_ssize_t size)
{
    for (Py_ssize_t i = 0; i < size; i++) {
        char c = text[i];
        if (c >= '0' && c <= '9')
            c = '0';
        if (c != template[i])
            return 0;
    }
    return 1;
}

static int64_t
number(const char *text, int start, int stop)
{
    int64_t value = 0;
    for (int i = start; i < stop; i++)
        value = 10 * value + (text[i] - '0');
    return value;
}

/* Days from 1970-01-01 in the calendar of Python's dates; -1 << 40 for no date. */
static int64_t
days(int64_t year, int64_t month, int64_t day)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    if (year < 1 || month < 1 || month > 12 || day < 1 || day > lengths[month - 1] + (month == 2 && leap))
        return -(INT64_C(1) << 40);
    int64_t past = year - 1, found = past * 365 + past / 4 - past / 100 + past / 400 + day - 1;
    for (int64_t i = 1; i < month; i++)
        found += lengths[i - 1] + (i == 2 && leap);
    return found - 719162;
}

/* The written time, naive microseconds since 1970, of a text that shows a layout; whether it is a time at all. */
static int
moment(const char *text, const Layout *layout, int64_t *us)
{
    const uint8_t *c = layout->columns;
    int64_t value[ROLES];
    for (int role = 0; role < ROLES; role++) {
        int start = c[2 * role], stop = c[2 * role + 1];
        if (role == FRACTION && stop > start + 6)
            stop = start + 6;
        value[role] = number(text, start, stop);
    }
    if (c[2 * YEAR + 1] - c[2 * YEAR] < 4)
        value[YEAR] += 2000;
    int64_t day = days(value[YEAR], value[MONTH], value[DAY]);
    if (day == -(INT64_C(1) << 40) || value[HOUR] > 23 || value[MINUTE] > 59 || value[SECOND] > 59)
        return 0;
    for (int i = c[2 * FRACTION + 1] - c[2 * FRACTION]; i < 6; i++)
        value[FRACTION] *= 10;
    int64_t seconds = ((day * 24 + value[HOUR]) * 60 + value[MINUTE]) * 60 + value[SECOND];
    *us = seconds * MICROSECONDS + value[FRACTION];
    return 1;
}

static uint64_t
key_of(const char *text, Py_ssize_t size)
{
    uint64_t tail = 0, middle;
    if (size >= WORD) {
        memcpy(&tail, text + size - WORD, WORD);
        memcpy(&middle, text + (size > 2 * WORD ? size - 2 * WORD : 0), WORD);
    }
    else {
        memcpy(&tail, text, (size_t)size);
        middle = tail;
    }
    uint64_t key = tail * FACTOR_0;
    key ^= middle * FACTOR_1;
    key ^= key >> 29;
    key ^= (uint64_t)size * FACTOR_2;
    return key * FACTOR_0;
}

/* What a text up to its first space and `gap` bytes more means; -1 where the table lacks it. */
static int32_t
meaning(const char *text, Py_ssize_t length, const Class *group)
{
    Py_ssize_t most = length < WIDTH ? length : WIDTH;
    const char *space = most > 0 ? memchr(text, ' ', (size_t)most) : NULL;
    Py_ssize_t size = space == NULL ? 0 : space - text + group->gap;
    if (size <= 0 || size > most)
        return -1;
    uint64_t key = key_of(text, size);
    for (int place = 0; place < 2; place++) {
        uint64_t slot = key >> (64 - SLOT_BITS * (place + 1)) & ((1 << SLOT_BITS) - 1);
        int32_t found = group->slots[((Py_ssize_t)place << SLOT_BITS) + (Py_ssize_t)slot];
        if (found > 0 && found < group->known && group->sizes[found] == size
            && memcmp(group->texts + (Py_ssize_t)found * WIDTH, text, (size_t)size) == 0)
            return group->meanings[found];
    }
    return -1;
}

/* What the beginning of a line behind its time says; -1 where that is not known. */
static int32_t
head_of(const char *text, Py_ssize_t length, const Layout *layout)
{
    for (Py_ssize_t i = 0; i < layout->count; i++) {
        const Class *group = &layout->classes[i];
        if (memcmp(text, group->tail, (size_t)group->size) == 0)
            return group->head >= 0 ? group->head : meaning(text + group->size, length - group->size, group);
    }
    return -1;
}

/* The layout that a line shows, if it is one that was met before. */
static const Layout *
layout_of(const char *line, const Plan *plan)
{
    if (plan->opens[(unsigned char)*line])
        for (Py_ssize_t i = 0; i < plan->count; i++)
            if (fits(line, plan->layouts[i].template, plan->layouts[i].size))
                return plan->layouts[i].met ? &plan->layouts[i] : NULL;
    return NULL;
}

/* Whether a line that shows a layout shows a longer one, too. */
static int
goes_on(const char *line, const Layout *shown, const Plan *plan)
{
    if (!shown->longer)
        return 0;
    for (const Layout *other = plan->layouts; other < shown; other++)
        if (other->size > shown->size
            && fits(line + shown->size, other->template + shown->size, other->size - shown->size)
            && fits(line, other->template, shown->size))
            return 1;
    return 0;
}

/* The time that was read last. */
typedef struct {
    const char *line;
    const Layout *layout;
    int64_t us;
} Time;

/* Whether a line begins with a time in a layout that was met before; most begin as the line before. */
static int
read_time(const char *line, const Plan *plan, Time *last)
{
    if (last->line != NULL && memcmp(line, last->line, (size_t)last->layout->size) == 0
        && !goes_on(line, last->layout, plan))
        return 1;
    const Layout *layout = layout_of(line, plan);
    int64_t us;
    if (layout == NULL || !moment(line, layout, &us))
        return 0;
    last->line = line;
    last->layout = layout;
    last->us = us;
    return 1;
}

#endif
