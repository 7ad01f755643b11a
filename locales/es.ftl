# Las palabras del propio programa. Lo que dice un conjunto de reglas está en él.

language-name = español
yes = Sí
no = No
and = y
and-before-i = e
or = o
or-before-o = u
quoted = «{ $text }»
local-emergency-number = número de emergencias de donde se encuentre

## Lo que se dice a la persona

heading-emergency = Pida ayuda de urgencia ahora mismo
heading-tell-helpers = Dígaselo a quienes le atiendan
heading-warning-signs = Señales de alarma
heading-same-day = Hoy mismo tiene que verle un médico
heading-prompt = Acuda pronto a un profesional, antes que nada
heading-suggestion = Sugerencia: { $title }
heading-after-check = Después de la revisión: { $title }
heading-options = Empiece por lo primero de esta lista
heading-cautions = Qué evitar o consultar antes
heading-findings = Lo que muestran sus respuestas
heading-runner-up = Qué más podría convenirle
heading-compared = Cómo se comparan los tipos de atención
heading-differences = En qué difieren las fuentes
heading-open = Sin responder todavía
heading-tips = Cómo encontrar un profesional
heading-until-then = Mientras tanto
heading-meanwhile = Qué puede hacer ahora
heading-look-again = Cuándo volver a valorarlo
heading-professional = Acuda a un profesional
heading-signs = Pida ayuda de inmediato si nota alguna de estas señales
heading-own-words = Con sus propias palabras
heading-sources = Fuentes
heading-about = Sobre este resultado
heading-in-short = En resumen
then = Después: { $title }.
title-unscreened = Responda primero a las preguntas pendientes
unscreened = Faltan por responder algunas preguntas que podrían mostrar una señal de alarma. Hasta entonces no se sugiere ningún tipo de atención.
open-signs = Faltan por responder algunas preguntas que podrían mostrar una señal de alarma.
why = Por qué:
ask-before-start = Consulte a un médico antes de empezar; más abajo se explica el motivo.
ask-first = Consulte antes a un médico.
avoid = evite { $items }
ask-before = consulte a un médico antes de probar { $items }
colophon = { $id }, versión { $version }, revisada el { $reviewed }, huella { $hash }; backwise { $program }.
compared-note = Los puntos suman los motivos a favor de cada opción. Orientan la elección; algunas respuestas deciden por sí solas.
suggested-mark = sugerencia
points = { $number ->
    [one] { $number } punto
   *[other] { $number } puntos
}
scale-reading = { $value } de { $to }
scale-unsure = no lo sabe
scale-open = sin responder
where-reading = Señalado: { $regions }.
where-none = No hay ninguna zona señalada.
body-back = detrás
body-title = Dónde duele
heading-changes = Qué cambiaría esto
change-as-well = Añadiendo «{ $answer }».
change-without = Sin «{ $answer }».
change-instead = Con «{ $answer }» en lugar de «{ $given }».
and-as-well = Y además:

## La explicación completa

heading-warnings-fired = Señales de alarma que se cumplen
because-of = { $because } Por estas respuestas: { $answers }
heading-points = Puntos
points-ahead = Lo que se sugiere lleva una ventaja de { $points }.
points-level = Lo que se sugiere tiene tantos puntos como lo siguiente.
points-behind = Lo que se sugiere tiene { $points } menos; ha decidido el orden de las sugerencias.
heading-fired = Reglas que se cumplen y las respuestas que las hacen cumplir
always = siempre
heading-nearly = Reglas a las que les faltó una sola cosa
lacks = También cuenta si { $missing }.
said-answer = la respuesta a «{ $question }» es { $answers }
said-marked = en «{ $question }» se marcan al menos { $number } de estas: { $answers }
said-not = no se cumple esto: { $part }
said-at-least-of = se cumplen al menos { $number } de estas cosas: { $parts }
said-finding = se cumple esto: «{ $text }»
said-or-more = { $number } o más
said-or-less = { $number } o menos
heading-elsewhere = Los cambios más pequeños que llevarían a otra cosa
heading-possible = Qué puede salir todavía de lo que queda abierto
open-one = Responda lo que responda a lo que queda abierto, ni el plazo para que le vean ni la sugerencia cambian.
open-too-many = Hay demasiadas preguntas abiertas para calcular qué sugerencias siguen siendo posibles.
open-settled = Responda lo que responda a estas, la sugerencia, el plazo para que le vean y lo que debe evitar quedan como están.
open-higher = El plazo para que le vean todavía puede cambiar a: { $levels }.
open-first = Esta es la que más aclara: «{ $question }»

## La hoja para el profesional

sheet-title = Hoja para el profesional
sheet-date = Fecha
sheet-client = Paciente
sheet-signs = { $yes } de { $asked } con «sí», { $unsure } con «no lo sé»
sheet-signs-open = { $open ->
    [one] { $open } sin responder
   *[other] { $open } sin responder
}
heading-where-and-how-bad = Dónde y cuánto
heading-history = Comienzo y duración
heading-hands-on = Precauciones, primero las del trabajo manual
no-cautions = De estas respuestas no se deriva ninguna precaución.
heading-answers = Lo que se respondió
heading-not-asked = Sin preguntar o sin responder
heading-rules = Por qué: las reglas que se cumplen
column-rule = Motivo
column-points = Puntos
column-sources = Fuentes
column-question = Pregunta
column-answer = Respuesta
heading-next-best = La siguiente opción y qué cambiaría la sugerencia
heading-client-words = Con las palabras del paciente
heading-notes = Notas
not-asked-none = Se respondió a todas las preguntas que corresponden a estas respuestas.
not-asked-branches = No se preguntaron, porque otras respuestas las hicieron innecesarias: { $questions }
left-out-until-seen = Lo que se dijo de tratamientos y deseos no aparece aquí hasta que se haya visto a la persona.
answered-no = { $no } de las { $asked } preguntas hechas una a una: No
note-cut = cortado aquí; el registro tiene los { $number } caracteres
rules-more = { $number ->
    [one] Y { $number } más, { $points }.
   *[other] Y { $number } más, que suman { $points }.
}

## Comparar registros

compare-title = Qué ha cambiado
heading-new-warnings = Señales de alarma nuevas
heading-lasting-warnings = Señales de alarma que continúan
heading-unanswered-warnings = Señales de alarma sin respuesta esta vez
unanswered-note = La vez anterior estaban y pueden seguir ahí. Mientras no haya respondido a las preguntas sobre ellas, haga lo que se le indicó entonces.
heading-gone-warnings = Señales de alarma que ya no aparecen
gone-note = Que una señal no vuelva a aparecer no descarta su causa. Coméntelo cuando le vea un profesional.
no-new-warnings = No hay ninguna señal de alarma nueva. Eso no descarta una causa grave.
heading-course = La evolución en números
heading-care = Con qué urgencia hay que consultar
care-may-rise = En el último registro hay preguntas abiertas sobre señales de alarma: puede hacer falta consultar antes.
heading-suggestions = La sugerencia
heading-changed = Respuestas que han cambiado
heading-records = Los registros
column-earlier = Antes
column-later = Ahora
course-better = Desde { $since }: mejor en { $points }, un cambio que importa.
course-worse = Desde { $since }: peor en { $points }, un cambio que importa.
course-better-little = Desde { $since }: mejor en { $points }, demasiado poco para contar como un cambio que importa.
course-worse-little = Desde { $since }: peor en { $points }, demasiado poco para contar como un cambio que importa.
course-same = Desde { $since }: sin cambios.
course-unknown = No se puede comparar, porque falta algún número.
since-last = la vez anterior
since-first = la primera vez
no-answer = –
nothing-changed = No ha cambiado ninguna respuesta.
record-line = versión { $version }
record-older = hecho con la versión { $version } de las reglas, que ahora están en la { $now }; valorado de nuevo con las reglas actuales
record-dropped = omitidas, porque no encajan en las reglas actuales: { $answers }
care-emergency = urgencia (ayuda ahora mismo)
care-same-day = hoy
care-prompt = en unos días
care-routine = sin prisa
suggestion-changed = Antes: { $earlier }. Ahora: { $later }.
suggestion-same = La misma que antes: { $later }.
suggestion-unnamed = ningún tratamiento
people-reference = { $question } no coincide: { $values }
people-back = { $question } retrocede: { $values }
people-ahead = { $question } avanza más de un paso: { $values }

## Avisos junto al resultado

note-written = se ha escrito { $file }
note-emergency = Pida ayuda de urgencia ahora mismo. { $advice }
note-language = no hay textos en «{ $tag }» para este conjunto de reglas; están en { $language }
note-translation = los textos en «{ $tag }» no encajan en este conjunto de reglas; se usa el inglés
note-country = no se conoce ningún número para «{ $country }»; se usan las palabras generales
note = nota
note-not-counted = { $count ->
    [one] { $flags } no cuenta: con las demás respuestas no se pregunta
   *[other] { $flags } no cuentan: con las demás respuestas no se preguntan
}
note-made-with = «{ $file }» se hizo con la versión { $version } de las reglas; se valora de nuevo con la versión { $now }
note-left-out = omitidas, porque ya no encajan: { $answers }

## La entrevista

progress = Pregunta { $number } de { $about }, más o menos
why-asked = Por qué se pregunta: { $why }
so-far = Hasta ahora: { $note }
nothing-said = (nada)
first-question = Esta es la primera pregunta.
kept-in = Cada respuesta se guarda en { $file } en cuanto la da. Ctrl-C detiene el programa en cualquier momento.
kept-nowhere = Ctrl-C detiene el programa en cualquier momento; en ese caso no se guarda nada.
review-complete = Sus respuestas
review-so-far = Sus respuestas hasta ahora
review-pick = Elija una respuesta para cambiarla.
see-result = Ver el resultado
go-on = Seguir con las preguntas
stop-ask = Las preguntas que faltan no pueden cambiar el resultado. ¿Quiere terminar aquí?
stop-about = Responda lo que responda, el plazo para que le vean, la sugerencia y lo que debe evitar quedan como están.
stop-why = Lo que ya ha respondido decide el resultado. Las demás respuestas todavía dirían más de usted a un profesional.
wrong-too-many = Elija { $most } como máximo, por favor.
wrong-nothing-but-none = Todavía no ha marcado nada. Si no le ocurre nada de esto, marque «{ $none }».
wrong-nothing = Todavía no ha marcado nada.
wrong-alone = «{ $answer }» no puede ir junto con otra respuesta.
wrong-one = Elija una respuesta, por favor.
wrong-too-long = Es demasiado largo: el texto tiene { $number } caracteres y se pueden guardar { $most } como máximo.

# Las teclas de las preguntas dibujadas; las cortas, para ventanas donde no cabe más.
keys-one = { $arrows } mueve, Intro responde, Esc vuelve atrás, Ctrl-C detiene
keys-many = { $arrows } mueve, Espacio marca, Intro al terminar, Esc vuelve atrás, Ctrl-C detiene
keys-one-narrow = { $arrows } Intro, Esc atrás
keys-many-narrow = { $arrows } Espacio marca, Intro, Esc atrás
keys-arrows = Arriba/Abajo
keys-text = Escriba y pulse Intro; puede dejarlo vacío. < vuelve atrás, ? dice por qué, Ctrl-C detiene
keys-text-again = Intro lo conserva, o escriba otra cosa; - lo vacía, < vuelve atrás, ? dice por qué
keys-page = página { $page } de { $pages }: Izquierda/Derecha la pasa

# Lo que se escribe en el modo sencillo, en minúsculas; varias palabras para lo mismo van seguidas.
typed-back = v
typed-save = g
typed-unsure = ns
typed-yes = s sí si
typed-no = n
plain-prompt = Respuesta:
plain-given = Su respuesta: { $answer }.
plain-scale = { $from } significa { $low }. { $to } significa { $high }.
plain-before = Su respuesta hasta ahora: { $answer }. Intro sin escribir nada la conserva.
plain-number = Escriba un número del { $from } al { $to }.
plain-unsure = Escriba { typed-unsure } para: { $unsure }.
plain-many = Escriba uno o más números del 1 al { $count }, por ejemplo 1 2.
plain-at-most = Escriba uno o más números del 1 al { $count }, { $most } como máximo, por ejemplo 1 2.
plain-one = Escriba un número del 1 al { $count }.
plain-text = Escriba su respuesta. Puede dejarla vacía.
plain-keys = Después, Intro. { typed-back } vuelve atrás, ? dice por qué.
plain-save = { typed-save } guarda y termina.
plain-no-answer = «{ $typed }» no es una respuesta a esto.
plain-no-session = Sin --session no se conserva nada, así que no hay nada que guardar.
plain-see-result = Intro sin escribir nada para ver el resultado. O escriba el número de una respuesta para cambiarla, del 1 al { $count }. { typed-back } vuelve atrás.
plain-go-on = Intro sin escribir nada para seguir con las preguntas. O escriba el número de una respuesta para cambiarla, del 1 al { $count }. { typed-back } vuelve atrás.
plain-review-prompt = Intro, o un número:

# Los números como se oyen: desde el cero mientras son irregulares y, después, por decenas.
numbers = cero, uno, dos, tres, cuatro, cinco, seis, siete, ocho, nueve, diez, once, doce, trece, catorce, quince, dieciséis, diecisiete, dieciocho, diecinueve, veinte, veintiuno, veintidós, veintitrés, veinticuatro, veinticinco, veintiséis, veintisiete, veintiocho, veintinueve
tens = veinte, treinta, cuarenta, cincuenta, sesenta, setenta, ochenta, noventa
tens-and-ones = { $tens } y { $ones }

## Las respuestas que se guardan

stopped-kept = { $number ->
    [one] detenido: hay { $number } respuesta guardada; siga con `{ $command }`
   *[other] detenido: hay { $number } respuestas guardadas; siga con `{ $command }`
}
stopped-nothing = detenido: no se ha guardado nada; con `--session ARCHIVO` podrá seguir más tarde
session-found = { $number ->
    [one] Continuamos: hay { $number } respuesta guardada en { $file }.
   *[other] Continuamos: hay { $number } respuestas guardadas en { $file }.
}
session-edition = Se dieron con otra edición de las preguntas, también de la versión { $now }.
session-version = Se dieron con la versión { $version } de las preguntas; esta es la { $now }.
session-asked-again = Ya no encaja y se vuelve a preguntar si corresponde: { $questions }.
session-gone = Queda en el archivo, aunque ya no se pregunta: { $answers }.
answers-to-gone = { $number ->
    [one] { $number } respuesta a una pregunta que ya no existe
   *[other] { $number } respuestas a preguntas que ya no existen
}
session-none = esto no es una sesión de una entrevista
session-none-help = dé a `--session` un archivo que guardó el programa, o uno que no exista todavía
session-shape = esta sesión no es de la forma { $shape }
session-shape-help = siga con ella en la versión del programa que la guardó
session-damaged = esta sesión no está como se guardó
session-damaged-help = sus respuestas se pueden leer con `--answers`, después de revisarlas
session-other = esta sesión es de «{ $found }», no de «{ $expected }»
session-other-help = indique su conjunto de reglas con `--rules`, o empiece otra sesión
session-no-text = no es un texto, o es demasiado largo para una sesión
session-empty = está vacío
session-unusable = no se puede seguir con «{ $file }», que se ha dejado como estaba
session-unusable-help = recupérelo de una copia, o quítelo de ahí y empiece otra sesión
session-changed = otro programa ha cambiado «{ $file }», que se ha dejado como estaba
session-changed-help = cierre la otra ventana y siga con lo que hay en el archivo

## Lo que falla

error = error
cannot-read = no se puede leer «{ $file }»: { $reason }
cannot-read-help = compruebe el nombre, y que sea un archivo que usted pueda leer
cannot-write = no se puede escribir «{ $file }»: { $reason }
cannot-write-help = compruebe que la carpeta existe y que usted puede escribir en ella
reason-not-there = no existe ese archivo o esa carpeta
reason-not-allowed = no tiene permiso
reason-folder = es una carpeta
reason-no-file = no es un archivo
reason-full = no queda espacio en el disco
different-people = estos registros parecen de personas distintas
different-people-help = revise los archivos; `--different-people` los compara de todos modos
record-damaged = este registro está dañado o no está entero
record-damaged-help = recupérelo de una copia, o dé otro resultado u otra sesión
record-other = este registro es de «{ $found }», no de «{ $expected }»
record-other-help = indique con `--rules` el conjunto de reglas con el que se hizo
cannot-write-full = no se puede escribir «{ $file }»: { $reason }
cannot-write-full-help = libere espacio ahí, o escriba en otro sitio
file-too-large = «{ $file }» ocupa más de { $most } MiB
file-too-large-help = compruebe que es el archivo que quería dar
file-no-text = «{ $file }» no es texto: el byte { $byte } no es UTF-8
file-no-text-help = compruebe que es el archivo que quería dar
output-is-read = «{ $file }» se lee aquí, y el resultado se escribiría encima
output-is-read-help = dé otro nombre a `--output`
open-questions = { $number ->
    [one] queda { $number } pregunta sin responder, { $why }
   *[other] quedan { $number } preguntas sin responder, { $why }
}
open-questions-help = respóndalas con opciones, o en un archivo con --answers; --partial valora sin ellas
open-no-input = y se ha dado --no-input
open-no-terminal = y no hay ningún terminal donde preguntar
faults = { $number ->
    [one] { $number } fallo
   *[other] { $number } fallos
}

## Las respuestas que no encajan

did-you-mean = ¿quería decir `{ $near }`?
expected = se esperaba { $what }
expected-others = se esperaba { $known } o una de otras { $number }
expected-number = un número entero del { $from } al { $to }
expected-number-unsure = un número entero del { $from } al { $to } o `unsure`
expected-text = un texto de { $most } caracteres como máximo
expected-at-most = { $most } como máximo de { $words }
expected-some = una o más de { $words }
misfit-no-answer = { $word } no es una respuesta a { $question }
misfit-nothing = no se da ninguna respuesta
misfit-long = el texto tiene { $length } caracteres
misfit-one = { $question } admite una respuesta, no { $number }
misfit-many = { $number } respuestas son demasiadas
misfit-alone = { $word } no puede ir junto con otra respuesta
misfit-alone-help = dé { $word } sin nada más, o quítelo
answers-none = se esperaban respuestas, y hay { $found }
answers-none-help = escriba una línea para cada pregunta, como `pain: 5`
answers-unknown = { $id } no es una pregunta de este conjunto de reglas
found-nothing = nada
found-value = un solo valor
found-list = una lista
found-mapping = una correspondencia

## La lista de preguntas

listing-answer = respuesta
listing-scale = escala
listing-ends = { $from } es { $low }, { $to } es { $high }
listing-when = se pregunta cuando
listing-asked = se pregunta
listing-always = siempre
listing-therapist = pregunta un terapeuta
listing-why = por qué
