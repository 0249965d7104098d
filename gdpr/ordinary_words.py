"""Capitalised words that name no person: what sentences begin with, places, bodies, and things.

They keep a text readable where a capital letter, or a number after one, would look like a name or
an address. None of them hides a name: a given name with all that follows it is taken first.
"""

from __future__ import annotations

STARTERS = frozenset(
    """
    A About Adresse After Aldri All Alle Allerede Allikevel Also Alt Altså An Anbefaler And Andre
    Ansatt Ansatte Ansvarlig Any Are As Asfalten At Av Avtale Avtalt Bak Bare Barna Barnet Be Beboer
    Beboere Bebuar Because Before Beklager Ber Beskjed Bestilt Bilde Bildet Bilen Blir Bor Bra Brev
    Brevet Bruker But By Båten Call Can Contact Could Da Dagens De Dear Dei Deler Dem Den Denne Der
    Deres Derfor Dermed Dersom Desse Dessverre Det Dette Di Did Din Dine Disse Ditt Do Does Dokument
    Driftssentralen Driver Du During Dykk Dykkar Då Dårlig E-post Eg Egen Eier Eieren Eigar Ein Eit
    Elev Eleven Eller Ellers En Endelig Eneste Enkelte Enn Entreprenør Er Et Etter Every Fakturaen
    Far Feil Feiring Fem Fikk Fin Fint Fire Fleire Flere Flott For Foran Fordi Foreldre Forrige
    Forslag Fortau Fortauet Fortsatt Forventer Fra Fram From Frå Fødd Fødselsdato Fødselsnummer Født
    Før Først Gata Gaten Gir Gjeld Gjelder Gjennom God Gratulerer Gresset Grunneier Går Ha Hadde
    Hallo Han Hans Har Has Have He Hei Heia Heile Heis Heisann Heldigvis Hele Hello Helsing Helst
    Hennar Hennes Hentes Hentet Her Here Herr Hi Hilsen His Hjelp Hjem Ho Holder Hos How Hull Hun
    Hus Huset Hva Hvem Hver Hvilken Hvis Hvor Hvordan Hvorfor Høres I If Ifølge Igjen Ikke Ikkje
    Imellom In Inga Ingen Ingeniør Innbygger Inne Innen Innmeldt Innsender Innspill Is It Its Ja Jeg
    Jo Just Kall Kan Kanskje Kantstein Kart Kjære Klage Klart Klokka Klokken Kom Kommunen Kona Kone
    Kontakt Kontaktperson Konto Kontonummer Korleis Kum Kummen Kunde Kundeservice Kunne Kva Kvar
    Kven Kvifor Lag Laget Langs Leder Lege Legen Leiar Leietaker Let Ligger Like Litt Lokket Lukt
    Lurer Lys Lyset Læraren Lærer Læreren Lørdag Mail Man Mange Manglende Mangler Med Meget Melder
    Melding Meldt Mellom Men Mens Mer Merk Mest Mi Min Mine Minner Mitt Mobil Mobilnummer Mor Mot My
    Mye Må Møte Møtet Nabo Naboar Naboen Naboene Name Namn Natt Navn Near Ned Nei Nesten Next No Noe
    Noen Nok Noko Nokon Not Now Nr Nummer Nummeret Ny Nye Nytt Nå Når Nærmere Of Og Også Om Området
    On Only Opp Oppå Or Our Out Over Overfor Pasient Passer Per Personnummer Phone Please Plutselig
    Politiet Pris Problem Problemet På Påminnelse Rapport Regards Registrert Regn Rektor Rett Ring
    Ringe Ringer Rundt Rør Røret Sak Saken Saksbehandler Samme Samtidig Se Seks Selv Sen Send Sende
    Sendt Sentralbordet Ser Servicekontoret Servicetorget She Sidan Siden Since Sist Siste Sjå
    Sjåfør Sjåføren Sjølv Skadd Skal Skiltet Skriv Skulle Slik Sluk Sluket Snø So Som Some Spør
    Spørsmål Stein Still Stor Store Styreleder Står Svar Svært Syv Så Sønnen Søppelet Ta Takk
    Takknemlig Tar Tel Telefon Telefonnummer Tett Thank Thanks That The Their Then There These They
    This Those Though Tidligere Til Tilbake Tlf To Torsdag Tre Treet Trener Treng Trenger Tusen
    Under Until Ut Utan Utanfor Uten Utenfor Utleie Vakta Vakten Vaktmester Vaktmesteren
    Vakttelefonen Vann Vannet Var Varsel Vart Vatnet Ved Vedrørende Vegen Veien Vel Veldig Vennleg
    Vennlig Venter Vet Vi Vil Vilkår Vår Våre Være Was We Were What When Where Which While Who Why
    With Would Yes You Your Yter Åtte Ønsker Ønskjer Øverst
    """.split()
)
"""What sentences begin with, in bokmål, nynorsk and English, and letters' set words."""

TIMES = frozenset(
    """
    April August Christmas December Desember Easter Februar February Fredag Friday Januar January
    Jul Jula Juli July June Juni Laurdag Lørdag Mai Mandag March Mars May Monday Måndag November
    October Oktober Onsdag Pinse Påske Påsken Saturday September Sundag Sunday Søndag Thursday
    Tirsdag Torsdag Tuesday Tysdag Wednesday
    """.split()
)
"""Days, months and feasts."""

PLACES = frozenset(
    """
    Bergen Bjerkreim Bodø Bokn Boknafjorden Bore Bryne Byfjorden Dalane Dirdal Drammen Edlandsvatnet
    Egersund Eiganes Eigersund Europa Figgjo Finnøy Forsand Forus Fredrikstad Ganddal Gandsfjorden
    Gilja Gjesdal Hafrsfjord Haugalandet Haugesund Hinna Hjelmeland Hommersåk Hundvåg Hå Høle Jæren
    Jørpeland Karmøy Klepp Kongeparken Kopervik Kristiansand Kverneland Kvitsøy Lund Lura Lysebotn
    Lysefjorden Madla Moi Mosvannet Mosvatnet Nedstrand Norden Noreg Norge Norway Nærbø Oltedal Orre
    Oslo Preikestolen Randaberg Rennesøy Riska Rogaland Ryfylke Sandeid Sandnes Sandved Sauda
    Skudeneshavn Sokndal Sola Stavanger Stokkavatnet Storhaug Strand Suldal Tananger Tasta Tau Time
    Tromsø Trondheim Tysvær Utsira Varhaug Vestlandet Vigrestad Vikeså Vindafjord Våland Åkrehamn
    Ålesund Ålgård
    """.split()
)
"""Places of Rogaland, and the largest elsewhere, that stand in texts without saying who."""

BODIES = frozenset(
    """
    Altinn Android ANS Apple Arena Arkivverket AS ASA Avdeling Avløp Bank BankID Barnehagane
    Barnehage Barnehagen Bibliotek Biblioteket BK Bofellesskap Borettslag Brann Brannvesen
    Brannvesenet Bring Byggesak Center Centre Church Coop Council Cross DA Datatilsynet Department
    Elnett Etat Etaten Excel Extra Facebook FFK Fire FK Fylkeskommune Fylkeskommunen Gjensidige
    Google Hall Hallen Havørn Havørnhallen Helse Hospital Husbanken ID Idrettshall Idrettslag
    Idrettspark IK IL Instagram Jernbanetorget Kapell Kartverket Kirke Kirken Kiwi Kolumbus Kommuna
    Kommune Kommunen Kor Korps Kors Kyrkja Kyrkje Legekontor Legevakt Legevakta Library Lyse Meny
    Microsoft MinID Municipality NAV Nav Norsk Norske Ordfører Outlook Park Police Politi Politiet
    Posten Red Rema Renovasjon Road Rådmann Røde SA Sameie School Seksjon Senter Senteret Sjukeheim
    Sjukehus SK Skatteetaten Skole Skolen Skular Skule Skulen Sparebank SpareBank Stadion Statens
    Street Sykehjem Sykehus Teams Teknisk Telenor Telia Tryg Universitet Universitetssjukehus Vann
    Vatn Vegvesen Vegvesenet Velforening Viking Vipps Windows Word
    """.split()
)
"""Bodies, firms and their kind."""

NUMBERED = frozenset(
    """
    About Antall Area At Av Avdeling Avgang Bane Benk Blokk Bord Bus Buss By Bygg Ca Cirka Dag Dato
    Dekning Etasje Etter Ev Felt Floor For Fra From Fv Fylkesvei Gate Gruppe Hall I In Inngang
    Inntil Kapittel Kjøkken Kl Klasse Klokka Klokken Kr Kum Kumlokk Lag Leilegheit Leilighet Level
    Line Linje Lysmast Lyspunkt Maks Mellom Minst Målar Målepunkt Måler Møterom NOK Nr Number Nummer
    Om Omtrent On Oppgang Order Ordre Ordrenr Ordrenummer Over Page Paragraf Parkeringsplass Plass
    Platform Pris Pumpestasjon Punkt På Ref Referanse Riksvei Rom Romma Room Runde Rundt Rute Rv Sak
    Saksnr Saksnummer Sal Sensor Side Since Skap Sluk Sone Stasjon Stolpe Tank Til To Tog Trikk
    Trinn Uke Under Until Utgave Ved Vedlegg Veke Ventil Versjon Vi Week Zone År
    """.split()
)
"""What a number follows without being a house's."""

COMMON_NAMES = frozenset(
    """
    Aksel Alv Anker Are Art Ask Aske Aud August Aurora Ava Bent Bill Bjørn Bo Dag Dan Dawn Dina Edel
    Elle Else Endre Ernst Even Faith Falk Finn Fred Frid Fride Gard Georg Gine Glad Grace Grant Grim
    Gro Grunde Hans Hauk Heine Helge Helle Hilde Hope Huy Ina Ine Inga Inge Iris Jack Jan Jarl Jo
    Jon Jone Joy Juli June Juni Kai Kaia Kate Kay Kent Kim Kine Kåre Lea Lin Lina Line Linn Liv Live
    Lone Lotte Luna Lykke Magna Mai Mali Man Mari Marina Marine Mark Marte Max May Mia Mie Mila
    Mille Mina Mine Mons Musa My Nada Norma Nur Oda Odd Ola Ole Ove Pal Palma Pat Per Pia Ravn Rein
    Rene Roman Rosa Rose Rune Saga Sander Sara Sean Signe Sina Sine Siren Siv Sol Stein Sten Stig
    Stine Storm Sture Sue Svein Tage Tale Tam Tara Tea Than Thi Tia Tilde Tim Tina Tine Tom Tone Tor
    Tora Trygve Ulla Une Unn Urd Vida Vilja Vilje Viola Violet Will Ylva
    """.split()
)
"""Given names that are ordinary words too: where a sentence begins, they need a surname."""

STREETS = frozenset(
    """
    alle barnehage barnehagen dalen familia familien felt feltet gata gate gaten hage hagen kai kaien
    lekeplass lekeplassen lia lien lund marka parken parkeringsplass parkeringsplassen plass plassen
    ringen sti stien sykehjem torg torget toppen tun tunet veg vegen vei veien
    """.split()
)
"""Words that end a street's name and, alone and small, name none."""
