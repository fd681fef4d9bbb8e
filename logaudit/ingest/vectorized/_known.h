/* What is known of the beginnings of lines, as Python hands it over: see native.py for its shape. */

#ifndef LOGAUDIT_KNOWN_H
#define LOGAUDIT_KNOWN_H

#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x030B0000
#include <Python.h>
#include <stdint.h>
#include <string.h>

/* As in headtable.py, which makes the tables. */
#define WIDTH 128
#define SLOT_BITS 15
/* As many digits as a number may have. */
#define DIGITS 18

enum role { YEAR, MONTH, DAY, HOUR, MINUTE, SECOND, FRACTION, ROLES };

/* Lines that begin alike up to their level, as headers.py has them. */
typedef struct {
    const char *tail; /* what follows the time */
    Py_ssize_t size;
    int32_t head;
    Py_ssize_t gap;
    Py_ssize_t known; /* texts in the table */
    const int32_t *slots, *meanings;
    const char *texts;
    const int64_t *sizes;
    Py_buffer views[5];
    int held; /* how many of the views are to be released */
} Class;

typedef struct {
    const char *template;
    Py_ssize_t size;
    int met;
    int longer; /* whether a longer template begins with this one */
    const uint8_t *columns; /* for each role, where it begins and ends */
    Class *classes;
    Py_ssize_t count;
    Py_buffer views[2];
    int held;
} Layout;

typedef struct {
    Layout *layouts; /* in the order in which they are tried */
    Py_ssize_t count;
    char opens[256]; /* whether a time may begin with a character */
} Plan;

static void
drop(Plan *plan)
{
    for (Py_ssize_t i = 0; i < plan->count; i++) {
        Layout *layout = &plan->layouts[i];
        for (Py_ssize_t j = 0; j < layout->count; j++)
            for (int k = 0; k < layout->classes[j].held; k++)
                PyBuffer_Release(&layout->classes[j].views[k]);
        PyMem_Free(layout->classes);
        for (int k = 0; k < layout->held; k++)
            PyBuffer_Release(&layout->views[k]);
    }
    PyMem_Free(plan->layouts);
}

/* Reads (tail, head, gap, slots, texts, sizes, meanings). */
static int
read_class(PyObject *item, Class *group)
{
    Py_buffer *v = group->views;
    if (!PyArg_ParseTuple(item, "y*iny*y*y*y*", &v[0], &group->head, &group->gap, &v[1], &v[2], &v[3], &v[4]))
        return 0;
    group->held = 5;
    group->tail = v[0].buf;
    group->size = v[0].len;
    group->slots = v[1].buf;
    group->texts = v[2].buf;
    group->sizes = v[3].buf;
    group->meanings = v[4].buf;
    group->known = v[3].len / (Py_ssize_t)sizeof(int64_t);
    if (group->gap < 0 || group->gap > WIDTH || group->size > WIDTH / 2 || v[1].len < (Py_ssize_t)(2 * sizeof(int32_t)) << SLOT_BITS
        || v[2].len < group->known * WIDTH || v[4].len < group->known * (Py_ssize_t)sizeof(int32_t)) {
        PyErr_SetString(PyExc_ValueError, "a table is too small, or a beginning or a gap too long");
        return 0;
    }
    return 1;
}

/* Reads (template, met, columns, classes). */
static int
read_layout(PyObject *item, Layout *layout)
{
    PyObject *classes;
    Py_buffer *v = layout->views;
    if (!PyArg_ParseTuple(item, "y*py*O!", &v[0], &layout->met, &v[1], &PyTuple_Type, &classes))
        return 0;
    layout->held = 2;
    layout->template = v[0].buf;
    layout->size = v[0].len;
    layout->columns = v[1].buf;
    int sound = layout->size > 0 && layout->size <= WIDTH / 2 && v[1].len == 2 * ROLES;
    for (int i = 0; sound && i < 2 * ROLES; i++)
        sound = layout->columns[i] <= layout->size
                && (i % 2 == 0 || layout->columns[i] - layout->columns[i - 1] <= DIGITS);
    if (!sound) {
        PyErr_SetString(PyExc_ValueError, "a layout or a number is too long, or its columns lie outside");
        return 0;
    }
    Py_ssize_t count = PyTuple_Size(classes);
    layout->classes = PyMem_Calloc((size_t)count + 1, sizeof(Class));
    if (layout->classes == NULL) {
        PyErr_NoMemory();
        return 0;
    }
    layout->count = count;
    for (Py_ssize_t i = 0; i < count; i++)
        if (!read_class(PyTuple_GetItem(classes, i), &layout->classes[i]))
            return 0;
    return 1;
}

static int
read_plan(PyObject *layouts, Plan *plan)
{
    Py_ssize_t count = PyTuple_Size(layouts);
    plan->layouts = PyMem_Calloc((size_t)count + 1, sizeof(Layout));
    if (plan->layouts == NULL) {
        PyErr_NoMemory();
        return 0;
    }
    plan->count = count;
    for (Py_ssize_t i = 0; i < count; i++) {
        if (!read_layout(PyTuple_GetItem(layouts, i), &plan->layouts[i]))
            return 0;
        Layout *layout = &plan->layouts[i];
        for (Py_ssize_t j = 0; j < i; j++)
            if (plan->layouts[j].size > layout->size
                && memcmp(plan->layouts[j].template, layout->template, (size_t)layout->size) == 0)
                layout->longer = 1;
        unsigned char first = (unsigned char)layout->template[0];
        if (first == '0')
            memset(plan->opens + '0', 1, 10);
        else
            plan->opens[first] = 1;
    }
    return 1;
}

#endif
