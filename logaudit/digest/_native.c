/* Three loops of the fast way that no array operation does as well: see the numpy versions beside them. */

#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x030B0000
#include <Python.h>
#include <stdint.h>
#include <string.h>

/* As in headtable.py, which makes the tables that are read here. */
#define WIDTH 128
#define WORD 8
#define SLOT_BITS 15
#define FACTOR_0 UINT64_C(0x9E3779B97F4A7C15)
#define FACTOR_1 UINT64_C(0xC2B2AE3D27D4EB4F)
#define FACTOR_2 UINT64_C(0x165667B19E3779F9)

/* newlines(text, size, out) -> count: places of the line feeds in the first bytes of a text.
   out: int64; when it is too small, the count tells how many there are. */
static PyObject *
newlines(PyObject *module, PyObject *args)
{
    Py_buffer text, out;
    Py_ssize_t size;
    (void)module;
    if (!PyArg_ParseTuple(args, "y*nw*", &text, &size, &out))
        return NULL;
    Py_ssize_t count = -1;
    Py_ssize_t room = out.len / (Py_ssize_t)sizeof(int64_t);
    int64_t *places = out.buf;
    if (size < 0 || size > text.len) {
        PyErr_SetString(PyExc_ValueError, "the text is shorter");
    }
    else {
        const char *begin = text.buf, *end = begin + size, *at = begin;
        count = 0;
        while (at < end && (at = memchr(at, '\n', (size_t)(end - at))) != NULL) {
            if (count < room)
                places[count] = at - begin;
            count++;
            at++;
        }
    }
    PyBuffer_Release(&text);
    PyBuffer_Release(&out);
    return count < 0 ? NULL : PyLong_FromSsize_t(count);
}

/* changes(text, starts, size, out): whether each line begins otherwise than the one before it, in `size` bytes.
   starts: int64; out: bytes, one a line, the first set. */
static PyObject *
changes(PyObject *module, PyObject *args)
{
    Py_buffer text, starts, out;
    Py_ssize_t size;
    (void)module;
    if (!PyArg_ParseTuple(args, "y*y*nw*", &text, &starts, &size, &out))
        return NULL;
    Py_ssize_t count = starts.len / (Py_ssize_t)sizeof(int64_t);
    const int64_t *start = starts.buf;
    const char *data = text.buf;
    char *fresh = out.buf;
    int sound = out.len >= count && size >= 0;
    for (Py_ssize_t i = 0; sound && i < count; i++) {
        sound = start[i] >= 0 && start[i] + size <= text.len;
        if (sound)
            fresh[i] = i == 0 || memcmp(data + start[i], data + start[i - 1], (size_t)size) != 0;
    }
    PyBuffer_Release(&text);
    PyBuffer_Release(&starts);
    PyBuffer_Release(&out);
    if (!sound) {
        PyErr_SetString(PyExc_ValueError, "a line lies outside the text");
        return NULL;
    }
    Py_RETURN_NONE;
}

/* Where a text with this key may be in a table: its first or its second place. */
static int32_t
look(uint64_t key, int place, const int32_t *slots)
{
    uint64_t slot = key >> (64 - SLOT_BITS * (place + 1)) & ((1 << SLOT_BITS) - 1);
    return slots[((Py_ssize_t)place << SLOT_BITS) + (Py_ssize_t)slot];
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

/* meanings(text, starts, lengths, gap, slots, texts, sizes, meanings, out): of each line, what its beginning up to
   its first space and `gap` bytes more means; -1 where no table holds it.
   starts, lengths, sizes: int64; slots, meanings, out: int32; texts: rows of WIDTH bytes. */
static PyObject *
meanings(PyObject *module, PyObject *args)
{
    Py_buffer text, starts, lengths, slots, texts, sizes, meant, out;
    Py_ssize_t gap;
    (void)module;
    if (!PyArg_ParseTuple(args, "y*y*y*ny*y*y*y*w*", &text, &starts, &lengths, &gap, &slots, &texts, &sizes, &meant,
                          &out))
        return NULL;
    Py_ssize_t count = starts.len / (Py_ssize_t)sizeof(int64_t);
    Py_ssize_t known = sizes.len / (Py_ssize_t)sizeof(int64_t);
    const int64_t *start = starts.buf, *length = lengths.buf, *size_of = sizes.buf;
    const int32_t *slot = slots.buf, *meaning = meant.buf;
    const char *data = text.buf, *rows = texts.buf;
    int32_t *found = out.buf;
    int sound = lengths.len == starts.len && out.len >= count * (Py_ssize_t)sizeof(int32_t) && gap >= 0
                && slots.len >= (Py_ssize_t)(2 * sizeof(int32_t)) << SLOT_BITS && texts.len >= known * WIDTH
                && meant.len >= known * (Py_ssize_t)sizeof(int32_t);
    for (Py_ssize_t i = 0; sound && i < count; i++) {
        Py_ssize_t most = length[i] < WIDTH ? (Py_ssize_t)length[i] : WIDTH;
        found[i] = -1;
        if (most <= 0)
            continue;
        if (start[i] < 0 || start[i] + most > text.len) {
            sound = 0;
            break;
        }
        const char *line = data + start[i];
        const char *space = memchr(line, ' ', (size_t)most);
        Py_ssize_t size = space == NULL ? WIDTH + 1 : space - line + gap;
        if (size > most || size == 0)
            continue;
        uint64_t key = key_of(line, size);
        for (int place = 0; place < 2; place++) {
            int32_t number = look(key, place, slot);
            if (number > 0 && number < known && size_of[number] == size
                && memcmp(rows + (Py_ssize_t)number * WIDTH, line, (size_t)size) == 0) {
                found[i] = meaning[number];
                break;
            }
        }
    }
    PyBuffer_Release(&text);
    PyBuffer_Release(&starts);
    PyBuffer_Release(&lengths);
    PyBuffer_Release(&slots);
    PyBuffer_Release(&texts);
    PyBuffer_Release(&sizes);
    PyBuffer_Release(&meant);
    PyBuffer_Release(&out);
    if (!sound) {
        PyErr_SetString(PyExc_ValueError, "a line lies outside the text, or a table is too small");
        return NULL;
    }
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"newlines", newlines, METH_VARARGS, NULL},
    {"changes", changes, METH_VARARGS, NULL},
    {"meanings", meanings, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "_native", NULL, 0, methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC
PyInit__native(void)
{
    return PyModuleDef_Init(&definition);
}
